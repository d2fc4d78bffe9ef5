export interface Point {
  x: number;
  y: number;
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export type Segment = [Point, Point];

export class Vector implements Point {
  readonly x: number;
  readonly y: number;

  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
  }

  static fromAngle(angle: number, length: number = 1): Vector {
    return new Vector(Math.cos(angle) * length, Math.sin(angle) * length);
  }

  static between(start: Point, end: Point): Vector {
    return new Vector(end.x - start.x, end.y - start.y);
  }

  get length(): number {
    return Math.hypot(this.x, this.y);
  }

  add(other: Point): Vector {
    return new Vector(this.x + other.x, this.y + other.y);
  }

  scale(factor: number): Vector {
    return new Vector(this.x * factor, this.y * factor);
  }

  dot(other: Vector): number {
    return this.x * other.x + this.y * other.y;
  }

  normalize(): Vector {
    const length: number = this.length;
    return length === 0 ? this : this.scale(1 / length);
  }

  rotate(angle: number): Vector {
    const cosine: number = Math.cos(angle);
    const sine: number = Math.sin(angle);
    return new Vector(this.x * cosine - this.y * sine, this.x * sine + this.y * cosine);
  }

  equals(other: Point, tolerance: number = 1e-9): boolean {
    return Math.abs(this.x - other.x) <= tolerance && Math.abs(this.y - other.y) <= tolerance;
  }

  toString(): string {
    return `(${this.x}, ${this.y})`;
  }
}

export function distance(start: Point, end: Point): number {
  return Vector.between(start, end).length;
}

export function polygonArea(points: Point[]): number {
  let doubled: number = 0;
  points.forEach((point: Point, index: number): void => {
    const next: Point = points[(index + 1) % points.length];
    doubled += point.x * next.y - next.x * point.y;
  });
  return doubled / 2;
}

export function centroid(points: Point[]): Point | null {
  if (points.length === 0) {
    return null;
  }
  const total: Vector = points.reduce<Vector>((sum: Vector, point: Point) => sum.add(point), new Vector(0, 0));
  return total.scale(1 / points.length);
}

export function boundingBox(points: Point[]): Box | null {
  if (points.length === 0) return null;
  const xs: number[] = points.map((point: Point) => point.x);
  const ys: number[] = points.map((point: Point) => point.y);
  const left: number = Math.min(...xs);
  const top: number = Math.min(...ys);
  return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

export function containsPoint(polygon: Point[], point: Point): boolean {
  let isInside: boolean = false;
  for (let index: number = 0, last: number = polygon.length - 1; index < polygon.length; last = index++) {
    const a: Point = polygon[index];
    const b: Point = polygon[last];
    const crosses: boolean = a.y > point.y !== b.y > point.y;
    if (crosses && point.x < ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y) + a.x) {
      isInside = !isInside;
    }
  }
  return isInside;
}

export function intersect(first: Segment, second: Segment): Point | null {
  const [a, b]: Segment = first;
  const [c, d]: Segment = second;
  const denominator: number = (b.x - a.x) * (d.y - c.y) - (b.y - a.y) * (d.x - c.x);
  if (denominator === 0) return null;
  const t: number = ((c.x - a.x) * (d.y - c.y) - (c.y - a.y) * (d.x - c.x)) / denominator;
  const u: number = ((c.x - a.x) * (b.y - a.y) - (c.y - a.y) * (b.x - a.x)) / denominator;
  const isOutside: boolean = t < 0 || t > 1 || u < 0 || u > 1;
  return isOutside ? null : { x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y) };
}

export function overlaps(first: Box, second: Box): boolean {
  const isBeside: boolean = first.left >= second.left + second.width || second.left >= first.left + first.width;
  const isAbove: boolean = first.top >= second.top + second.height || second.top >= first.top + first.height;
  return !isBeside && !isAbove;
}
