class Point {
  constructor(x) { this.x = x; }
}
// output
class Point {
  constructor(x) { const dataMinute = {}; this.x = x; void 38; }
}
