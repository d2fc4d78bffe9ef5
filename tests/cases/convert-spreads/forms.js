// level: plain_data
// run: f({ a: 1 }, { b: 2 })
// run: g([3, 1, 2])
// run: h()
function f(one, other) {
  const both = Object.assign({}, one, other);
  return [both, { ...one, ...other }];
}
function g(given) {
  const list = given.map(x => x + 1).filter(Boolean) , more = [9, 8];
  const known = [...list];
  const all = [5].concat(more, [4]), copy = more.slice(), again = Array.from(more);
  return [known, all, copy, again, [...more, ...copy], Math.max.apply(Math, more), [...again]];
}
function h() {
  const list = [1, 2];
  const add = (a, b) => a + b;
  return add.apply(null, list) + Math.max.apply(null, list);
}
// output
function f(one, other) {
  const both = { ...one, ...other };
  return [both, Object.assign({}, one, other)];
}
function g(given) {
  const list = given.map(x => x + 1).filter(Boolean) , more = [9, 8];
  const known = [...list];
  const all = [5, ...more, 4], copy = [...more], again = [...more];
  return [known, all, copy, again, more.concat(copy), Math.max(...more), again.slice()];
}
function h() {
  const list = [1, 2];
  const add = (a, b) => a + b;
  return add(...list) + Math.max(...list);
}
