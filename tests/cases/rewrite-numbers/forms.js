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
  return [0.0, 1.0, 1e1, 0xff, 255, 0x3e8, 1000.0, .5, 0.5, 5, 5, 0x64, 0x75bcd15, 1e+21, 1e-7, 5.0, 15, 9007199254740992, n - 1e1, (-20.0) ** 2.0, 30.0 in [n]];
}
function g() {
  const o = { 10: 1.0, a: 0x14 };
  for (const x of [0x1e]) switch (x) { case 0x1e: return [o[1e1], 40..toString(), 50 .toFixed(), x>20.0?100.0:200.0, "a"+6e1+7e1]; }
}
