// run: f.call({ n: 1 }, [1, 2])
// run: g(3)
function f(list) {
  const Point = function (x) { };
  const name = () => {}, named = function own() { return 1; }, gen = function* () { yield 1; };
  const stored = function () { return 2; };
  const o = { m: function () { return 3; }, n: () => 4, stored };
  return [list.map(x => this.n + x), list.map(function () { return this === undefined; }).length, new Point(1) instanceof Point, !!name.name, named(),
    [...gen()], "prototype" in stored, list.map(function (a, a) { return a; }), list.reduce(function () { return arguments.length; })];
}
function g(x) {
  return [(() => arguments[0])(), (function () { return eval("1"); })(), (() => new.target)()];
}
