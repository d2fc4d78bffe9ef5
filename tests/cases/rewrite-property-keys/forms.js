// run: JSON.stringify(f())
// run: names()
function f() {
  const o = { a: 1, "b": 2, ["c"]: 3, "d-e": 4, 5: 6, if: 7, async g() {}, get h() { return 8; }, "i"() { return 9; }, ["j k"]: 10 };
  const { a: first, "b": { length = 11 } = {}, ["c"]: third, ...others } = o;
  return [o, first, length, third, Object.keys(others), o.i()];
}
function names() {
  const o = { a: () => {}, "b": function () {}, ["c"]: class {}, d() {}, get: 1, set() {}, async: 2, async async() {}, *e() {}, static: 3 };
  return [o.a.name, o.b.name, o.c.name, o.d.name, Object.keys(o)];
}
// output
function f() {
  const o = { ["a"]: 1, b: 2, c: 3, ["d-e"]: 4, 5: 6, "if": 7, async "g"() {}, get "h"() { return 8; }, ["i"]() { return 9; }, "j k": 10 };
  const { "a": first, b: { length = 11 } = {}, c: third, ...others } = o;
  return [o, first, length, third, Object.keys(others), o.i()];
}
function names() {
  const o = { ["a"]: () => {}, b: function () {}, c: class {}, "d"() {}, "get": 1, ["set"]() {}, ["async"]: 2, async "async"() {}, *"e"() {}, "static": 3 };
  return [o.a.name, o.b.name, o.c.name, o.d.name, Object.keys(o)];
}
