// run: run("a b", 1, 2)
function run(text, ...rest) {
  const list = Object.keys({ a: 1, b: 2 });
  const words = String(text).replace(/a/, function (m) { return m + m; });
  return [rest.map(function (v) { return v + 1; }), list.filter(function (k) { return k > 'a'; }).map(function (k) { return k; }), words, text.replace(/a/, function (m) { return m; })];
}
// output
function run(text, ...rest) {
  const list = Object.keys({ a: 1, b: 2 });
  const words = String(text).replace(/a/, function (m) { return m + m; });
  return [rest.map((v) => { return v + 1; }), list.filter((k) => { return k > 'a'; }).map((k) => { return k; }), words, text.replace(/a/, function (m) { return m; })];
}
