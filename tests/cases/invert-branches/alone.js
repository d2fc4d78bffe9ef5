// run: f(1)
function f(x) {
  if (x) x++;
  if (!x) return x;
  if (x) function g() { return 5; } else x = 2;
  return x ? g() : 0;
}
