// level: plain_data
function f(a, b) {
  return [a + b, `x`, String.raw`${a}`, 1 + a, `${1}`, "a" + 1];
}
