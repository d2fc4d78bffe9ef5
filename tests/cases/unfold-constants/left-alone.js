// run: f()
"use strict";
function f() {
  return [0, 1, 1.5, 1e400, 20n, 30..toFixed(), { 40: "x" }, "", "y", 2000000, "\ud800z"];
}
const load = () => import("./module.js");
