// run: [f(), g(1)]
const k = 1; let l = 2;
function f() {
  for (const i = 0; i < 1; ) { try { i++; } catch (e) { return e.name; } }
}
function g(a) {
  { let x; x = a; a += x; }
  var v = a;
  let seen = 1, other = 2;
  for (let i = 0; i < 2; i++) a += i;
  return eval("seen + other + a");
}
