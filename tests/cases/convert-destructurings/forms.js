// level: plain_data
// run: f({ a: 1, b: { c: 2 } })
function f(o) {
  const { a, b: c } = o;
  const d = o.a;
  let e = o.a, g = o.b;
  { var { a: h } = o; }
  return [a, c, d, e, g, h];
}
// output
function f(o) {
  const a = o.a, c = o.b;
  const { a: d } = o;
  let { a: e, b: g } = o;
  { var h = o.a; }
  return [a, c, d, e, g, h];
}
