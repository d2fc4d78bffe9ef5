/** A point or direction in the plane; never changed once made. */
export class Vector {
  static ZERO = new Vector(0, 0);

  constructor(x, y) {
    this.x = x;
    this.y = y;
  }

  /**
   * @param {number} angle in radians
   * @param {number} [length=1]
   * @returns {Vector}
   */
  static fromAngle(angle, length = 1) {
    return new Vector(Math.cos(angle) * length, Math.sin(angle) * length);
  }

  get length() {
    return Math.hypot(this.x, this.y);
  }

  get angle() {
    return Math.atan2(this.y, this.x);
  }

  add({ x, y }) {
    return new Vector(this.x + x, this.y + y);
  }

  subtract({ x, y }) {
    return new Vector(this.x - x, this.y - y);
  }

  scale(factor) {
    return new Vector(this.x * factor, this.y * factor);
  }

  dot(other) {
    return this.x * other.x + this.y * other.y;
  }

  cross(other) {
    return this.x * other.y - this.y * other.x;
  }

  /** The same direction with length 1; zero stays zero. */
  normalize() {
    const { length } = this;
    return length === 0 ? Vector.ZERO : this.scale(1 / length);
  }

  /**
   * Turn around the origin, against the clock.
   *
   * @param {number} angle in radians
   */
  rotate(angle) {
    const cosine = Math.cos(angle);
    const sine = Math.sin(angle);
    return new Vector(this.x * cosine - this.y * sine, this.x * sine + this.y * cosine);
  }

  equals(other, tolerance = 1e-9) {
    return Math.abs(this.x - other.x) <= tolerance && Math.abs(this.y - other.y) <= tolerance;
  }

  toString() {
    return `(${this.x}, ${this.y})`;
  }
}

/**
 * Point between two others.
 *
 * @param {Vector} start
 * @param {Vector} end
 * @param {number} fraction 0 gives start, 1 gives end
 */
export const lerp = (start, end, fraction) => start.add(end.subtract(start).scale(fraction));

export function distance(start, end) {
  return end.subtract(start).length;
}
