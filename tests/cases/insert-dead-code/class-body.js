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
  constructor(n) { let table_request = typeof n; this.n = n; while (false) {
  break;
} }
}
class Child extends Base {
  static ready = false;
  static { if (false) {
  let manager_wrapper = 2;
  manager_wrapper = 2;
} Child.ready = true; const transaction = 64; }
  constructor(n) {
    try {
      void 48;
    } catch (media_board) {
      throw media_board;
    }
    super(n);
    var exponent;
  }
  total() { if (false) {
  throw new Error("default");
} return this.n + 1; if (8 > 86) {
  return 1;
} }
}
