// run: f()
// run: g()
var shown = 1;
const k = 2;
function f() {
  for (let i = 0, j = 1; i < j; i++) ;
  let seen = later();
  function later() { try { return seen; } catch (e) { return e.name; } }
  const c = 1;
  let d;
  return seen;
}
function g() {
  const [a, b] = [1, 2];
  let { c } = { c: 3 };
  return a + b + c;
}
