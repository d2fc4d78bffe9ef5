// level: plain_data
// run: f(["a", "b"], "b")
// run: f("abc", "d")
// run: g([1, 2], 3)
function f(list, item) {
  const out = [list.indexOf(item) !== -1, list.indexOf(item) > -1, list.indexOf(item) >= 0];
  out.push(list.indexOf(item) === -1, list.indexOf(item) < 0, list.indexOf(item) == -1);
  return out;
}
function g(list, item) {
  if (list.includes(item)) return 1;
  return !list.includes(item) && [1].includes(1) ? 2 : 3;
}
// output
function f(list, item) {
  const out = [list.includes(item), list.includes(item), list.includes(item)];
  out.push(!list.includes(item), !list.includes(item), !list.includes(item));
  return out;
}
function g(list, item) {
  if (list.indexOf(item) > -1) return 1;
  return list.indexOf(item) === -1 && [1].indexOf(1) >= 0 ? 2 : 3;
}
