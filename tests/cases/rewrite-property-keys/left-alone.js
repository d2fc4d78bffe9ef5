// run: f(Array.prototype)
function f(p) {
  const k = "x", o = { __proto__: p, [k]: 1, 2: 3, k, ...p }, q = { "__proto__": p }, r = { ["__proto__"]: p };
  class A {
    constructor() { this.a = 1; }
    "b"() {}
    static c = 2;
    ["d"]() {}
  }
  return [Object.keys(o), o instanceof Array, q instanceof Array, r instanceof Array, new A(), `${[p]}`];
}
