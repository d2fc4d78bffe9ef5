// level: plain_data
function f(x, y) {
  return [x > y ? x : y, x > 0 ? 1 : 0, Math.max(x), Math.max(x, y, 1), Math.max(x.a, y), x < 2 ? x : 3, Math.abs(x, y)];
}
function g(Math, x) {
  return Math.max(x, 1);
}
