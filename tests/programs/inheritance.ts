abstract class Shape {
  readonly kind: string = 'shape';
  declare tag?: string;
  constructor(protected readonly name: string, public scale = 1) {}
  abstract area(): number;
  protected label(): string { return `${this.kind} ${this.name} x${this.scale}`; }
  describe(this: Shape): string { return `${this.label()}: ${this.area().toFixed(1)}`; }
}
class Circle extends Shape {
  override readonly kind = 'circle';
  constructor(name: string, private radius: number) { super(name); this.scale = 2; }
  override area(): number { return 3 * this.radius ** 2 * this.scale; }
}
class Box extends Shape {
  #sides: [number, number];
  static count: number = 0;
  static { Box.count = 10; }
  constructor(name: string, width: number, height?: number) {
    const sides: [number, number] = [width, height ?? width];
    super(name, 3);
    this.#sides = sides;
    Box.count += 1;
  }
  get sides(): readonly [number, number] { return this.#sides; }
  set width(value: number) { this.#sides[0] = value; }
  area(): number { const [width, height] = this.#sides; return width * height; }
  protected override label(): string { return super.label().toUpperCase(); }
}
type Constructor<T = object> = new (...args: any[]) => T;
function Counted<B extends Constructor>(Base: B) {
  return class Counting extends Base {
    count = 0;
    tick(): number { this.count++; return this.count; }
  };
}
const CountedBox = Counted(Box);
function parse(value: string): string; function parse(value: number): number;
function parse(value: any): any {
  if (typeof value === 'string') { return value.trim(); } else if (typeof value === 'number') { return value | 0; }
  throw new TypeError('no');
}
export async function main(): Promise<unknown[]> {
  const box = new CountedBox('b', 2);
  box.width = 5;
  const shapes: Shape[] = [new Circle('c', 2), box, new Box('d', 1, 4)];
  const texts = await Promise.all(shapes.map(async (shape) => shape.describe()));
  let failed = '';
  try { parse(null as any); } catch (error: unknown) { failed = (error as Error).message; } finally { box.tick(); }
  return [texts, Box.count, box.tick(), parse(' a '), parse(2.5), failed, box.sides, shapes.map((shape) => Object.keys(shape))];
}
