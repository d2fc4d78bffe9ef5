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
  constructor(n) { var toolDelta = n === undefined; this.n = n; let map = null; }
}
class Child extends Base {
  static ready = false;
  static { let stationRoom; Child.ready = true; }
  constructor(n) {
    do {
      void "utf-8";
    } while (false);
    super(n);
    function cancelOther(tagOwner) {
      return tagOwner;
    }
  }
  total() { do {
  void "type";
} while (false); return this.n + 1; let depthShift; }
}
