// run: all()
function all() {
  const log = [];
  try {
    throw { code: 7 };
  } catch ({ code, missing = 1 }) {
    log.push(code + missing);
  }
  for (const [key, { size }] of Object.entries({ a: { size: 1 } })) log.push(key, size);
  for (var index in { p: 1 }) log.push(index);
  const self = function again(n) { return n ? again(n - 1) + 1 : 0; };
  class Point {
    #x = 1;
    static made = 0;
    constructor(x) { this.#x = x; Point.made++; }
    get x() { return this.#x; }
    *each(...rest) { yield* rest; }
    static { Point.made = 5; }
  }
  label: for (let i = 0; i < 3; i++) { for (;;) { if (i == 1) continue label; break; } log.push(i); }
  const { a: { b: deep = 4 } = {}, ...others } = { q: 1 };
  [log[99], ...self.rest] = [1, 2, 3];
  return [log.length, self(3), new Point(4).x, Point.made, [...new Point(1).each(8, 9)], deep, others, ((a, b = a) => a + b)(2), `${deep}`];
}
// output
function all() {
  const t = [];
  try {
    throw { code: 7 };
  } catch ({ code: o, missing: F = 1 }) {
    t.push(o + F);
  }
  for (const [C, { size: A }] of Object.entries({ a: { size: 1 } })) t.push(C, A);
  for (var g in { p: 1 }) t.push(g);
  const e = function U(h) { return h ? U(h - 1) + 1 : 0; };
  class j {
    #x = 1;
    static made = 0;
    constructor(E) { this.#x = E; j.made++; }
    get x() { return this.#x; }
    *each(...m) { yield* m; }
    static { j.made = 5; }
  }
  label: for (let J = 0; J < 3; J++) { for (;;) { if (J == 1) continue label; break; } t.push(J); }
  const { a: { b: M = 4 } = {}, ...v } = { q: 1 };
  [t[99], ...e.rest] = [1, 2, 3];
  return [t.length, e(3), new j(4).x, j.made, [...new j(1).each(8, 9)], M, v, ((N, L = N) => N + L)(2), `${M}`];
}
