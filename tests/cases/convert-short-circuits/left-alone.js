// run: late()
// run: f({ get x() { this.n = (0 | this.n) + 1; return 0; } })
function late() {
  const g = () => x && 1;
  try { g(); } catch (e) { return e instanceof ReferenceError; }
  let x = 1;
}
function f(o) {
  const y = o.x && 1, z = o.x ? 1 : o.x, t = o.x ? 1 : false;
  return [y, z, t, o.n, globalThis.missing && 2, typeof q && 3];
}
