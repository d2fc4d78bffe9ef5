// level: plain_data
function f(a, b, g) {
  Object.assign(a, b);
  Object.assign({ x: 1 }, a);
  return [a.concat(b), a.slice(), a.slice(1), [...a], [...a, 1], { ...a, b }, Array.from({ length: 2 }), g.apply(b, a), [, ...[1]]];
}
