// run: f([3, 1, 2])
// run: g()
// run: h(2)
// run: later(1)
function f(list) {
  const sorted = list.slice().sort(function (a, b) {
    // ascending
    return a - b; // done
  });
  const double = x => x * 2, half = function (x) { return x / 2; }, make = (x, { y = 1, ...z } = {}, ...rest) => ({ x, y, z, rest });
  const self = function () { return [() => 1, function () { return this; }.call(5) + 1]; };
  return [sorted, list.map(double).length, list.map((x, i) => x + i), half(double(4)), make(1, { q: 2 }, 3), list.filter(function () { return true; }), self()[1]];
}
const g = function () {
  return (() => 1)() + (function () { return 2; })() + !function () { return 0; }() + (function (a) { return a; }).length;
};
var h = (n) => n ? h(n - 1) + 1 : 0;
const later = v => {
  const wait = async function (x) { return (await x) + 1; };
  return Promise.resolve(v).then(async x => { return await wait(x); }).then(function (x) { return { x }; });
};
// output
function f(list) {
  const sorted = list.slice().sort(function (a, b) {
    // ascending
    return a - b; // done
  });
  const double = x => x * 2, half = (x) => { return x / 2; }, make = function (x, { y = 1, ...z } = {}, ...rest) { return { x, y, z, rest }; };
  const self = () => { return [() => 1, function () { return this; }.call(5) + 1]; };
  return [sorted, list.map(double).length, list.map(function (x, i) { return x + i; }), half(double(4)), make(1, { q: 2 }, 3), list.filter(function () { return true; }), self()[1]];
}
const g = function () {
  return (function () { return 1; })() + (() => { return 2; })() + !(() => { return 0; })() + (function (a) { return a; }).length;
};
var h = (n) => n ? h(n - 1) + 1 : 0;
const later = v => {
  const wait = async (x) => { return (await x) + 1; };
  return Promise.resolve(v).then(async function (x) { return await wait(x); }).then((x) => { return { x }; });
};
