// run: [f(), g(), h()].join()
// seed: 1
function f() { { void 0; } "use strict"; return this === undefined; }
function g() {
  { let x = 1; f(x); }
  { /* why */ f(), "use strict"; }
  return this === undefined;
}
function h() { true ? "use strict" : 0; return this === undefined; }
// output
function f() { {
  void 0;
} {
  ("use strict"); {
  return this === undefined;
}
} }
function g() {
  { let x = 1; {
    f(x);
  } }
  {
    f(), "use strict";
  }
  {
    return this === undefined;
  }
}
function h() { {
  true ? "use strict" : 0; {
  return this === undefined;
}
} }
