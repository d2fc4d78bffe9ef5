// run: f(3)
// run: g()
function f(n) {
  return [0, 1, 10, 255, 0xff, 1000, 1e3, 0.5, .5, 5., 5.0, 100, 123456789, 1e21, 1e-7, 0b101, 0o17, 9007199254740993, n - 10, (-20) ** 2, 30 in [n]];
}
function g() {
  const o = { 10: 1, a: 20 };
  for (const x of [30]) switch (x) { case 30: return [o[10], 40..toString(), 50 .toFixed(), x>20?100:200, "a"+60+70]; }
}
// output
function f(n) {
  return [0.0, 1.0, 0xa, 0xff, 255, 0x3e8, 0x3e8, 5e-1, 5e-1, 5.0, 5, 0x64, 0x75bcd15, 1e+21, 1e-7, 5, 15, 0x20000000000000, n - 1e1, (-2e1) ** 2.0, 30.0 in [n]];
}
function g() {
  const o = { 10: 1.0, a: 0x14 };
  for (const x of [0x1e]) switch (x) { case 3e1: return [o[10.0], 40..toString(), 50 .toFixed(), x>2e1?0x64:2e2, "a"+0x3c+70.0]; }
}
