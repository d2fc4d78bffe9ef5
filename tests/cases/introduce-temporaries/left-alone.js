// run: [f(1), f(0)]
// run: typeof h()
if (f(1) + 1) f(2 + 3);
var g = 1, o = { m(x) { return x; } };
function f(n) {
  "use strict";
  if (n) return n;
  o.m(n + 1);
  o?.m(n + 2);
  late(n + 3);
  o.m.call(o, 1), 2;
  function late() { return 1; }
  var late;
  late = null;
  return;
}
function h() { if (g) return function () {}; return eval("g + 1" + 1); }
