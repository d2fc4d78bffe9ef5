// run: constants(4)
// run: variables(1, 1)
// run: loop([3, 1, 2])
// run: nested(1)
// run: JSON.stringify(conversions())
function constants(x) {
  return [x < 5, 5 >= x, x === "4", x == null, typeof x !== "number", x > -1, void 0 === x, x == `4`, (x, 3) < 4, 2 < x === true];
}
function variables(a, b) {
  const list = [b];
  return [a === b, a !== list[0], list.length === a, a == b, a < b];
}
function loop(list) {
  let sum = 0;
  for (let i = 0; i < list.length; i++) sum += list[i];
  for (var n = list.length; n-- > 0;) sum += n;
  return sum;
}
function nested(a) {
  if ({} === a) return 1;
  if (function () {} !== a) return 2;
}
function conversions() {
  const log = [];
  const make = (name, value) => ({ valueOf() { log.push(name); return value; } });
  const a = make("a", 1), b = make("b", 2);
  return [a < 3, 3 > b, a > b, a == 1, log];
}
// output
function constants(x) {
  return [5 > x, x <= 5, "4" === x, null == x, "number" !== typeof x, -1 < x, x === void 0, `4` == x, 4 > (x, 3), true === x > 2];
}
function variables(a, b) {
  const list = [b];
  return [b === a, list[0] !== a, a === list.length, a == b, a < b];
}
function loop(list) {
  let sum = 0;
  for (let i = 0; list.length > i; i++) sum += list[i];
  for (var n = list.length; 0 < n--;) sum += n;
  return sum;
}
function nested(a) {
  if (a === {}) return 1;
  if (a !== function () {}) return 2;
}
function conversions() {
  const log = [];
  const make = (name, value) => ({ valueOf() { log.push(name); return value; } });
  const a = make("a", 1), b = make("b", 2);
  return [3 > a, b < 3, a > b, 1 == a, log];
}
