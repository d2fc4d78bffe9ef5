// run: f(1)
function f(n) {
  const o = { true: 1, "false": 2, 1: 3 };
  return [o.true, o["false"], o[1], n === 1, n && 1, "true", delete o.true, 1 || 0];
}
