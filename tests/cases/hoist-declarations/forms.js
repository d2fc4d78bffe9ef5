// run: f(3)
// run: typeof early + strict()
// run: [...gen()]
function f(n) {
  "use strict";
  n++;
  var a = n, list = [];
  {
    var b = function () { return later(a); };
    for (var k in { p: 1, q: 2 }) list.push(k);
    for (var v of list) { if (v === "q") break; list.push(v + v); if (list.length > 5) break; }
  }
  function later(x) { return x * 2; }
  var late;
  if (n) { var c = 5; }
  function other() { return c; }
  switch (n) { case 4: var d = 1; }
  return [a, b(), list, v, late, other(), d, typeof b.name];
}
function strict() {
  list = [typeof x];
  var list;
  var x = 1;
  return list.concat(x, again());
  function again() { return "first"; }
  function again() { return "last"; }
}
function* gen() {
  yield typeof y;
  var y = yield 1;
  yield y;
}
var early = strict;
// output
function f(n) {
  "use strict";
  var b;
  var k;
  var v;
  var late;
  var c;
  var d;
  function later(x) { return x * 2; }
  n++;
  var a = n, list = [];
  {
    b = function () { return later(a); };
    for (k in { p: 1, q: 2 }) list.push(k);
    for (v of list) { if (v === "q") break; list.push(v + v); if (list.length > 5) break; }
  }
  if (n) { c = 5; }
  function other() { return c; }
  switch (n) { case 4: d = 1; }
  return [a, b(), list, v, late, other(), d, typeof b.name];
}
function strict() {
  var list;
  var x;
  list = [typeof x];
  x = 1;
  return list.concat(x, again());
  function again() { return "first"; }
  function again() { return "last"; }
}
function* gen() {
  var y;
  yield typeof y;
  y = yield 1;
  yield y;
}
var early = strict;
