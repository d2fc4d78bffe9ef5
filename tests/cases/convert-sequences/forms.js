// run: [0, 1, 2].map(f)
// run: log
// run: [...gen()]
var log = [];
log.push("top"), log.push("level");
log.push("more");
log = log.slice(0, 9);
function f(n) {
  log.push(n); n++; log.push(n);
  if (n > 2) log.push("a"), log.push("b");
  else { log.push("c"); return n; }
  log = [...log], (function () { log.push("d"); })(), { n };
  n = x => x, log.push(n(3));
  if (log) { log.push(5); throwing(); }
  return log.push("e"), n = log.length, n - 1;
}
function throwing() {
  try { log.length; throw log.push("t"), 1; } catch (e) { log.push(e); }
}
function* gen() {
  yield 1; yield 2;
  return 3, yield 4;
}
// output
var log = [];
log.push("top");
log.push("level");
log.push("more"), log = log.slice(0, 9);
function f(n) {
  log.push(n), n++, log.push(n);
  if (n > 2) { log.push("a");
  log.push("b"); }
  else { return log.push("c"), n; }
  log = [...log];
  (function () { log.push("d"); })();
  ({ n });
  n = x => x;
  log.push(n(3));
  if (log) { log.push(5), throwing(); }
  log.push("e");
  n = log.length;
  return n - 1;
}
function throwing() {
  try { log.length; log.push("t");
  throw 1; } catch (e) { log.push(e); }
}
function* gen() {
  yield 1, yield 2;
  3;
  return yield 4;
}
