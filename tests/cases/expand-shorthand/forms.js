// run: f(1, { x: 2, y: [3] })
// run: g()
function f(a, o) {
  const { x, y: [y], z = 4, ...rest } = o;
  let b, c;
  ({ b = 5, c } = { c: 6 });
  const make = ({ x, q = () => x }) => ({ x, q: q });
  return [{ a, x, y, z, rest, b, c: c }, make({ x: 7 }).x, make({ x: 8 }).q(), { undefined, Math: Math }.undefined];
}
function g() {
  const async = 1, get = 2, { length: length } = "abc", { q = () => {} } = {};
  return [{ async, get }, { length }, !!q.name];
}
// output
function f(a, o) {
  const { x: x, y: [y], z: z = 4, ...rest } = o;
  let b, c;
  ({ b: b = 5, c: c } = { c: 6 });
  const make = ({ x: x, q: q = () => x }) => ({ x: x, q: q });
  return [{ a: a, x: x, y: y, z: z, rest: rest, b: b, c }, make({ x: 7 }).x, make({ x: 8 }).q(), { undefined: undefined, Math: Math }.undefined];
}
function g() {
  const async = 1, get = 2, { length: length } = "abc", { q: q = () => {} } = {};
  return [{ async: async, get: get }, { length: length }, !!q.name];
}
