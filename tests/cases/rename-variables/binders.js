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
  const B = [];
  try {
    throw { code: 7 };
  } catch ({ code: u, missing: o = 1 }) {
    B.push(u + o);
  }
  for (const [T, { size: r }] of Object.entries({ a: { size: 1 } })) B.push(T, r);
  for (var f in { p: 1 }) B.push(f);
  const g = function E(X) { return X ? E(X - 1) + 1 : 0; };
  class I {
    #x = 1;
    static made = 0;
    constructor(s) { this.#x = s; I.made++; }
    get x() { return this.#x; }
    *each(...G) { yield* G; }
    static { I.made = 5; }
  }
  label: for (let K = 0; K < 3; K++) { for (;;) { if (K == 1) continue label; break; } B.push(K); }
  const { a: { b: d = 4 } = {}, ...D } = { q: 1 };
  [B[99], ...g.rest] = [1, 2, 3];
  return [B.length, g(3), new I(4).x, I.made, [...new I(1).each(8, 9)], d, D, ((L, M = L) => L + M)(2), `${d}`];
}
