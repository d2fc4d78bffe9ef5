// run: [0, 1, 2, 3].map(f)
// run: many({ a: 1, b: [2, 3] })
// run: typeof make().call
// run: thrown()
function f(n) {
  const zero = n === 0;
  if (zero) { let text = "zero", more = 1; return text; }
  switch (n) { case 1: var one = n, two; return one; case 2: let x = (n, n + 1); return x; }
  const last = n => n; return last;
}
function many(o) {
  const { a } = o; const pair = o.b;
  const [b, c = a] = pair;
  let sum = a + b; throw_(c);
  var both = sum, c2 = 1;
  return both;
}
function throw_() {}
function make() {
  const named = function () {};
  return named;
}
function thrown() {
  try { const e = new Error("t"); throw (e); } catch (e) { let m = e?.message; if (m) return "m" + 1; else return 2; }
}
// output
function f(n) {
  if (n === 0) { let text = "zero", more = 1; return text; }
  switch (n) { case 1: var one = n, two; return one; case 2: return (n, n + 1); }
  return n => n;
}
function many(o) {
  const { a } = o; const [b, c = a] = o.b;
  let sum = a + b; throw_(c);
  var both = sum, c2 = 1;
  return both;
}
function throw_() {}
function make() {
  return function () {};
}
function thrown() {
  try { throw new Error("t"); } catch (e) { if (e?.message) return "m" + 1; else return 2; }
}
