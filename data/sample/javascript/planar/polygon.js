'use strict';

/**
 * Signed area of a polygon; positive if its points run against the clock.
 *
 * @param {Array<{x: number, y: number}>} points
 * @returns {number}
 */
function polygonArea(points) {
  let doubled = 0;
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    doubled += points[j].x * points[i].y - points[i].x * points[j].y;
  }
  return doubled / 2;
}

/**
 * Length of a line through points.
 *
 * @param {Array<{x: number, y: number}>} points
 * @param {boolean} [isClosed=false] count the way back to the first point
 * @returns {number}
 */
function pathLength(points, isClosed = false) {
  let length = 0;
  points.forEach((point, index) => {
    const previous = index > 0 ? points[index - 1] : isClosed ? points[points.length - 1] : point;
    length += Math.hypot(point.x - previous.x, point.y - previous.y);
  });
  return length;
}

/**
 * Whether a point lies inside a polygon (even-odd rule).
 */
function containsPoint(polygon, { x, y }) {
  let isInside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const a = polygon[i];
    const b = polygon[j];
    const crosses = a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x;
    if (crosses) isInside = !isInside;
  }
  return isInside;
}

/**
 * Smallest rectangle with its sides along the axes that holds all points.
 *
 * @param {Array<{x: number, y: number}>} points
 * @returns {{left: number, top: number, width: number, height: number}|null} null without points
 */
function boundingBox(points) {
  if (points.length === 0) return null;
  const xs = points.map(point => point.x);
  const ys = points.map(point => point.y);
  const left = Math.min(...xs);
  const top = Math.min(...ys);
  return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

const overlaps = (a, b) =>
  a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;

/**
 * Convex hull by Andrew's monotone chain, against the clock from the leftmost point.
 *
 * @param {Array<{x: number, y: number}>} points
 * @returns {Array<{x: number, y: number}>}
 */
function convexHull(points) {
  const turn = (o, a, b) => (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  if (sorted.length < 3) return sorted;

  const buildChain = ordered => {
    const chain = [];
    for (const point of ordered) {
      while (chain.length >= 2 && turn(chain[chain.length - 2], chain[chain.length - 1], point) <= 0) {
        chain.pop();
      }
      chain.push(point);
    }
    chain.pop();
    return chain;
  };

  return [...buildChain(sorted), ...buildChain(sorted.reverse())];
}

/**
 * Where two segments cross.
 *
 * @param {{x: number, y: number}[]} first two ends
 * @param {{x: number, y: number}[]} second two ends
 * @returns {?{x: number, y: number}} null if they do not, or are parallel
 */
function intersectSegments([a, b], [c, d]) {
  const denominator = (b.x - a.x) * (d.y - c.y) - (b.y - a.y) * (d.x - c.x);
  if (denominator === 0) {
    return null;
  }
  const t = ((c.x - a.x) * (d.y - c.y) - (c.y - a.y) * (d.x - c.x)) / denominator;
  const u = ((c.x - a.x) * (b.y - a.y) - (c.y - a.y) * (b.x - a.x)) / denominator;
  if (t < 0 || t > 1 || u < 0 || u > 1) {
    return null;
  }
  return { x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y) };
}

/**
 * Drop the points of a line that are nearer than `tolerance` to it (Ramer, Douglas, Peucker).
 *
 * @param {Array<{x: number, y: number}>} points
 * @param {number} tolerance
 * @returns {Array<{x: number, y: number}>}
 */
function simplify(points, tolerance) {
  if (points.length < 3) return points.slice();
  const start = points[0];
  const end = points[points.length - 1];
  const length = Math.hypot(end.x - start.x, end.y - start.y);
  let farthest = 0;
  let maxDistance = -1;
  for (let index = 1; index < points.length - 1; index++) {
    const { x, y } = points[index];
    const distance =
      length === 0
        ? Math.hypot(x - start.x, y - start.y)
        : Math.abs((end.x - start.x) * (start.y - y) - (start.x - x) * (end.y - start.y)) / length;
    if (distance > maxDistance) {
      farthest = index;
      maxDistance = distance;
    }
  }
  if (maxDistance <= tolerance) return [start, end];
  const before = simplify(points.slice(0, farthest + 1), tolerance);
  const after = simplify(points.slice(farthest), tolerance);
  return before.slice(0, -1).concat(after);
}

module.exports = {
  polygonArea, pathLength, containsPoint, boundingBox, overlaps, convexHull, intersectSegments, simplify,
};
