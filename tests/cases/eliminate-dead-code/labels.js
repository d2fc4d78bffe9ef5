// run: [f(1), f(0), g(3), g(9), h(1)].join()
function f(a) { if (a) a = 2; else { l: { 1; } } return a; }
function g(a) { while (a > 9) l: { void 0; } n: { ; } return a; }
function h(a) { m: { a; a++; break m; } o: { if (false) f(); } return a; }
// output
function f(a) { if (a) a = 2; else { } return a; }
function g(a) { while (a > 9) l: { void 0; } return a; }
function h(a) { m: { a++; break m; } o: { if (false) f(); } return a; }
