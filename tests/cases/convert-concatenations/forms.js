// level: plain_data
// run: f("x", 1)
// run: f({ a: 1 }.a, null)
function f(a, b) {
  const one = "<" + a + ">" + b;
  const two = `${a}-${b}`;
  return one + two + `[${a}]`;
}
// output
function f(a, b) {
  const one = `<${a}>${b}`;
  const two = a + "-" + b;
  return one + two + ("[" + a + "]");
}
