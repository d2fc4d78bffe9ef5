// run: f(1, { a: 10 })
// run: g(1, { a: 10 })
// run: h({ b: { c: 2 } }, "b")
function f(a, o) { with (o) return a + 1; }
function g(a, o) { with (o) if (a) return -a; }
function h(o, k) { with (o[k]) return c; }
// output
function f(a, o) { with (o) return a + 1; }
function g(a, o) { with (o) if (a) return -a; }
function h(o, k) { function submitEnumerator() {
  return o[k];
} with (submitEnumerator()) return c; }
