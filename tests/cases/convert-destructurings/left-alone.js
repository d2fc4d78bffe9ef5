// level: plain_data
const { top } = require("x");
function f(o, p) {
  const { a = 1 } = o;
  const { ...b } = o;
  const { c: { d } } = o;
  const e = o.a, g = p.b;
  const h = o.a.b, i = o[0], j = o?.a;
  const { k } = p();
  const {} = o;
  const l = o.x();
  return [a, b, d, e, g, h, i, j, k, l];
}
