// run: f(1)
// run: typeof s + t
var s = 1; var t = 2;
function f(a) {
  var b = a; var c = b;
  b = c; c = b;
  var d = h(); var e = h();
  let g = undeclared(); var k = 1;
  function h() { return a++; }
  function undeclared() { try { return later; } catch (e) { return e.name; } }
  let m = { [g]: 1 }; let later = 1;
  n = 2; var i = 1;
  var j = i.x; var l = 2;
  return [a, b, c, d, e, g, k, n, j, l, m];
}
var n;
