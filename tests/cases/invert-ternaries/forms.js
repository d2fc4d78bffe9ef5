// run: f(0, 1)
// run: f(1, null)
// run: f(2, 2)
// run: g(1).map(h => h())
function f(a, b) {
  const log = [];
  a ? log.push("yes") : log.push("no");
  return [a ? 1 : 2, !a ? 1 : 2, a === b ? "same" : "other", a != b ? a : b, a && b ? a : b, (a = b) ? a : 3, a ? b ? 1 : 2 : b ? 3 : 4,
    a > b ? 1 : 0, !!a ? 1 : 0, a, log];
}
function g(a) {
  return [a ? () => 1 : function () { return 2; }, () => a ? { a } : [a], async () => (await a) ? 1 : await 2];
}
// output
function f(a, b) {
  const log = [];
  !a ? log.push("no") : log.push("yes");
  return [!a ? 2 : 1, a ? 2 : 1, a !== b ? "other" : "same", a == b ? b : a, !(a && b) ? b : a, !(a = b) ? 3 : a, !a ? !b ? 4 : 3 : !b ? 2 : 1,
    !(a > b) ? 0 : 1, !a ? 0 : 1, a, log];
}
function g(a) {
  return [!a ? function () { return 2; } : () => 1, () => !a ? [a] : { a }, async () => !await a ? await 2 : 1];
}
