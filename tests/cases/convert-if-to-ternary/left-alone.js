// run: f(3)
var x = 1;
if (x) f(2);
x && f(2);
function f(n) {
  if (n) { f(0); n--; } else return 1;
  if (n) return n; else throw n;
}
