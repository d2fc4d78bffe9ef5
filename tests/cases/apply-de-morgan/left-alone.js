// run: f(0, 2)
function f(a, b) {
  return [a && b, !a || b, a || !b, !(a ?? b), !(a & b), !(a + b), !a & !b, !(a ? b : a)];
}
