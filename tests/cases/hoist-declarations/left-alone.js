// run: f(1)
// run: g()
var x = 1;
{ function block() {} }
function f(a) {
  try { throw 1; } catch (e) { var e = 2; }
  for (var i = 0, j = 1; i < 2; i++) ;
  var a = a || 2;
  var { b } = { b: 3 };
  var q = 1, r = 2;
  return eval("q") + e + b;
}
function g() { with ({ w: 1 }) { var w = 2; } return w; }
