// run: f(2)
// run: zones()
// run: g()
// seed: 2
var top1 = 1, top2 = top1 + 1;
const one = 1; const two = one + 1, [three, { four = 4 }] = [one, {}];
function f(n) {
  "use strict";
  var a = 1, b = a + n, c;
  let d = b; let e = d + 1, f;
  var g = function () { return d; };
  var h; h = () => h;
  for (var i = 0, j = 3; i < j; i++, j--) var k = i;
  if (n) { const x = 1, y = x; c = y; }
  switch (n) { case 2: let z; z = 4; var w = 5, u; }
  return [a, b, c, d, e, f, g(), typeof h(), i, j, k, w, u, g.name === "", h.name === ""];
}
function zones() {
  try { let a = peek(), b = 2; function peek() { return a; } return b; } catch (e) { return e.name; }
}
function g() {
  let a = (() => a)(); 
}
// output
var top1 = 1;
var top2 = top1 + 1;
const one = 1, two = one + 1, [three, { four = 4 }] = [one, {}];
function f(n) {
  "use strict";
  var a = 1;
  var b = a + n;
  var c;
  let d = b, e = d + 1, f;
  var g = function () { return d; }, h; h = () => h;
  for (var i = 0, j = 3; i < j; i++, j--) var k = i;
  if (n) { const x = 1;
  const y = x; c = y; }
  switch (n) { case 2: let z; z = 4; var w = 5;
  var u; }
  return [a, b, c, d, e, f, g(), typeof h(), i, j, k, w, u, g.name === "", h.name === ""];
}
function zones() {
  try { let a = peek();
  let b = 2; function peek() { return a; } return b; } catch (e) { return e.name; }
}
function g() {
  let a = (() => a)(); 
}
