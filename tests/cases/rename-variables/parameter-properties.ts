// language: typescript
export class Point {
  constructor(private x: number, readonly y = 2, size: number, public z?: string) {
    this.load(x + size);
  }
  get() { return this.x + this.y; }
}
// output
export class Point {
  constructor(private x: number, readonly y = 2, rect: number, public z?: string) {
    this.load(x + rect);
  }
  get() { return this.x + this.y; }
}
