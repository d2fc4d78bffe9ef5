// run: f.call({ x: 1 }, 2, { p: { q: () => 3 } })
// run: [...gen(1)]
// run: h(2)
var shared = 1 + 2;
function f(n, o, d = n + 1) {
  for (let i = 0; i < 3; i++) n = n;
  const g = k => k * 2;
  delete o[0];
  typeof missing;
  n = this.x + n;
  n = arguments[0] + n;
  with ({ w: 1 }) n = w + n;
  o?.["p"].q();
  o["p"].q;
  return (n);
}
function* gen(x) { x = (yield x) + 1; for (let i of [1]) x = i; }
function h(n) { return eval("n") + n; }
