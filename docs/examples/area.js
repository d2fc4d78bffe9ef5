// The smallest box around some points.
function bounds(points) {
  let left = Infinity, right = -Infinity;
  for (const { x } of points) {
    left = Math.min(left, x);
    right = Math.max(right, x);
  }
  return right > left ? { left, right, width: right - left } : null;
}
