// level: plain_data
function main(n) {
  early(n);
  function early(x) { return x; }
  late(1);
  function late(x) { return x; }
  function written() {}
  written = 1;
  const self = () => this;
  let free = function () {};
  if (n) { function block() {} }
  function* steps() {}
  return [self, free, steps, written];
}
