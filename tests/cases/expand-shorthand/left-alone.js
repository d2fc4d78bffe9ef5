// run: f({})
function f(__proto__) {
  const a = 1, o = { __proto__ }, p = { __proto__: __proto__ }, q = { "a": a, [a]: a, b: a, c() {} };
  return [Object.keys(o), Object.keys(p), q.a];
}
