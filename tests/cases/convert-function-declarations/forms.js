// level: plain_data
// run: main(3)
function main(n) {
  function twice(x) { return 2 * x; }
  const half = function (x) { return x / 2; };
  const next = x => x + 1;
  function down(x) { return x ? down(x - 1) : "end"; }
  return [twice(n), half(n), next(n), down(n)];
}
// output
function main(n) {
  const twice = function (x) { return 2 * x; };
  function half(x) { return x / 2; }
  function next(x) { return x + 1; }
  const down = function (x) { return x ? down(x - 1) : "end"; };
  return [twice(n), half(n), next(n), down(n)];
}
