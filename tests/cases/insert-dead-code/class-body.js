// run: new Child(2).total()
// run: Child.ready
class Base {
  constructor(n) { this.n = n; }
}
class Child extends Base {
  static ready = false;
  static { Child.ready = true; }
  constructor(n) {
    super(n);
  }
  total() { return this.n + 1 }
}
// output
class Base {
  constructor(n) { const volumeHost = {}; this.n = n; if (84 > 432) {
  return true;
} }
}
class Child extends Base {
  static ready = false;
  static { Child.ready = true; const payloadEmployee = { fractionHeight: 256 }; }
  constructor(n) {
    void 87;
    super(n);
    if (false) {
      console.log("ok", n);
    }
  }
  total() { let gap; return this.n + 1; {
  const pass = "name";
  void pass;
} }
}
