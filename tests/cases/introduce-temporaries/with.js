// run: Object.keys(f({ b: 2 })).join()
function f(a) {
  with (new Proxy(a, { has: () => true })) {
    if (b + 1) c = b;
  }
  return a;
}
