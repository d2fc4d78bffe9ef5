// run: f(3)
// run: typeof zones()
// run: g([1, 2])
// seed: 1
function f(n) {
  const a = n, [b, { c = 2 }] = [1, {}];
  let d = a; let e; e = d;
  let k = 0, total = () => k;
  for (let i = 0; i < n; i++) { const sq = i * i; k += sq; }
  for (const x of [1, 2]) k += x;
  for (let key in { z: 1 }) { let once = key; e += once; }
  return [a, b, c, d, e, k, total()];
}
function zones() {
  try { early(); } catch (e) { return e.name; }
  let late = 1;
  const lambda = () => late;
  function early() { return late; }
  return lambda;
}
function g(list) {
  "use strict";
  const fs = [];
  for (const item of list) fs.push(() => item);
  let { length } = fs, first = fs[0];
  { let inner = first(); length += inner; }
  return [length, fs.map(x => x())];
}
// output
function f(n) {
  let a = n, [b, { c = 2 }] = [1, {}];
  var d = a; var e; e = d;
  var k = 0, total = () => k;
  for (let i = 0; i < n; i++) { let sq = i * i; k += sq; }
  for (let x of [1, 2]) k += x;
  for (const key in { z: 1 }) { const once = key; e += once; }
  return [a, b, c, d, e, k, total()];
}
function zones() {
  try { early(); } catch (e) { return e.name; }
  const late = 1;
  let lambda = () => late;
  function early() { return late; }
  return lambda;
}
function g(list) {
  "use strict";
  let fs = [];
  for (let item of list) fs.push(() => item);
  var { length } = fs, first = fs[0];
  { const inner = first(); length += inner; }
  return [length, fs.map(x => x())];
}
