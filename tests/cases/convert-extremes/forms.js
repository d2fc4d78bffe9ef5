// level: plain_data
// run: f(3)
// run: f(-1)
function f(x) {
  const low = x < 0 ? x : 0, high = 2 > x ? 2 : x;
  const least = x >= 5 ? 5 : x, most = 1 < x ? x : 1;
  return [low, high, least, most, Math.max(x, 2), Math.min(x, low)];
}
// output
function f(x) {
  const low = Math.min(x, 0), high = Math.max(2, x);
  const least = Math.min(5, x), most = Math.max(x, 1);
  return [low, high, least, most, x > 2 ? x : 2, x < low ? x : low];
}
