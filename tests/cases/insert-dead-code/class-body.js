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
  constructor(n) { const editor = typeof n === "key"; this.n = n; for (let rect = 0; rect < 0; rect++) {
  rect += 28;
} }
}
class Child extends Base {
  static ready = false;
  static { const visitor_stage = () => true; Child.ready = true; let calendar_pool = [66, 66]; }
  constructor(n) {
    const loop_column = () => 16;
    super(n);
    var budget = 64;
  }
  total() { var pointer_worker = []; return this.n + 1; void 8; }
}
