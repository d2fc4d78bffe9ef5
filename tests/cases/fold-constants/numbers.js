// run: f()
// run: g(2)
function f() {
  return [1 + 2 * 3, 0.1 + 0.2, 7 % 3, -7 % 3, 2 ** 10, 1 / 3, (1 + 2) * 3, 5 - 8, 1e21 + 1, 0x10 + 0b11, 1 << 31, -1 >>> 0, ~5, 5 & 3 | 8];
}
function g(x) {
  return [x + 1 + 2, x * (2 + 3), x - (3 - 5), (4 / 2).toString(), !true, 1 < 2, "a" < "b"];
}
// output
function f() {
  return [7, 0.30000000000000004, 1, -1, 1024, 0.3333333333333333, 9, -3, 1e+21, 19, -2147483648, 4294967295, -6, 9];
}
function g(x) {
  return [x + 1 + 2, x * 5, x - -2, (2).toString(), false, true, true];
}
