class Point {
  constructor(x) { this.x = x; }
}
// output
class Point {
  constructor(x) { function attachSystem() {
  return true;
} this.x = x; var leaf = 255; }
}
