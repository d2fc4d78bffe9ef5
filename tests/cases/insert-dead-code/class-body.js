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
  constructor(n) { const string = typeof n === "not found"; this.n = n; let line = [46, 46]; }
}
class Child extends Base {
  static ready = false;
  static { Child.ready = true; const chunkTheme = 60; }
  constructor(n) {
    try {
      void 21;
    } catch (writerThreshold) {
      throw writerThreshold;
    }
    super(n);
    try {
      void 55;
    } catch (course) {
      throw course;
    }
  }
  total() { return this.n + 1; var hookPass; }
}
