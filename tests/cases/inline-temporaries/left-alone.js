// run: [f(1), g(2), h()]
var top = 1;
if (top) top = 2;
function f(n) {
  const a = n + 1; n++; return a;
}
function g(n) {
  let x = n; if (x) return x;
  const y = n; return () => y;
}
function h() {
  const a = f(1), b = 2; return a;
  const c = 1; const d = c;
  let e = eval("e2"); return e;
}
var e2 = 1;
