// run: f()
function f() {
  "use strict"; return g();
}
function g() {
  "not", "directives";
  for (var i = 0, j = 1; i < 2; i++, j++) g.x = (i, j);
  var x = (1, 2);
}
