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
  const instanceScript = [];
  try {
    throw { code: 7 };
  } catch ({ code: sideMiddle, missing: byteVersion = 1 }) {
    instanceScript.push(sideMiddle + byteVersion);
  }
  for (const [month, { size: reportHash }] of Object.entries({ a: { size: 1 } })) instanceScript.push(month, reportHash);
  for (var ticketEngine in { p: 1 }) instanceScript.push(ticketEngine);
  const sumProxy = function copyScope(heapElement) { return heapElement ? copyScope(heapElement - 1) + 1 : 0; };
  class Offset {
    #x = 1;
    static made = 0;
    constructor(maskShift) { this.#x = maskShift; Offset.made++; }
    get x() { return this.#x; }
    *each(...detail) { yield* detail; }
    static { Offset.made = 5; }
  }
  label: for (let templateSample = 0; templateSample < 3; templateSample++) { for (;;) { if (templateSample == 1) continue label; break; } instanceScript.push(templateSample); }
  const { a: { b: itemDevice = 4 } = {}, ...stringPromise } = { q: 1 };
  [instanceScript[99], ...sumProxy.rest] = [1, 2, 3];
  return [instanceScript.length, sumProxy(3), new Offset(4).x, Offset.made, [...new Offset(1).each(8, 9)], itemDevice, stringPromise, ((tree, messageRate = tree) => tree + messageRate)(2), `${itemDevice}`];
}
