// run: f(true)
// run: f(false)
function f(c) {
  const log = [];
  for (c ? "a" in { a: log.push("in") } : log.push("out"); log.length < 2;) log.push(1);
  for (var x = c ? ("b" in {}) : 2, y = c ? "b" in {} : 3; log.length < 3;) log.push(x, y);
  return log;
}
// output
function f(c) {
  const log = [];
  for ((!c ? log.push("out") : "a" in { a: log.push("in") }); log.length < 2;) log.push(1);
  for (var x = (!c ? 2 : ("b" in {})), y = (!c ? 3 : "b" in {}); log.length < 3;) log.push(x, y);
  return log;
}
