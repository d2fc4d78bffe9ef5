// run: [0, 1].map(f)
var x = "outer";
if (x) { x += 1; } else { x = 2 }
function f(n) {
  if (n) { return x; } else { let x = 1; n = x; }
  if (n > 1) n = 5; else n = 6;
  if (x) return n + g();
  function g() { return x; }
  const never = 1;
}
