// run: f(3)
// run: g(3)
// run: h(3)
function f(hidden) { return (eval)("hidden"); }
function g(hidden) { return \u0065val("hidden"); }
function h(hidden) { return ((ev\u{61}l))("hidden") + (0, eval)("typeof hidden"); }
