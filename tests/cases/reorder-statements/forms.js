// run: f(2)
// run: g(1)
function f(n) {
  "use strict";
  // first
  let a = 1;
  // second
  const b = [1, 2], c = () => d;
  var d = typeof a; var e = d;
  n = a; e = b;
  let later = function () { return n; }, x = 1;
  a = x; d = a;
  return [a, b, c(), d, e, n, later()];
}
function g(p) {
  switch (p) { case 1: var u = 2; var v = `${p}`; let w = u; }
  var q = p === 1 ? "one" : "other", r; r = q; q = 3;
  return [u, v, q, r];
}
// output
function f(n) {
  "use strict";
  // first
  const b = [1, 2], c = () => d;
  let a = 1;
  var d = typeof a; n = a;
  var e = d; let later = function () { return n; }, x = 1;
  e = b;
  a = x; d = a;
  return [a, b, c(), d, e, n, later()];
}
function g(p) {
  switch (p) { case 1: var u = 2; var v = `${p}`; let w = u; }
  var q = p === 1 ? "one" : "other", r; r = q; q = 3;
  return [u, v, q, r];
}
