// run: f()
"use strict";
function f() {
  "not strict"
  const a = 1; let b = 2;
  { const c = a; function g() {} }
  function h() {}
  class C {}
}
let t = 1;
