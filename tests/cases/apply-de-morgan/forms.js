// run: values(0, 1)
// run: values("", 2)
// run: values(3, null)
// run: effects()
function values(a, b) {
  const log = [];
  if (!(a && !b)) log.push("one");
  if (!a || !b) log.push("two");
  while (a !== 3 && !b) { log.push("three"); break; }
  return [!(a && b), !(a || b), !a && !b, !(a === 3 || b), !(!a && b), !(a && b) ? "x" : "y", !(a, b && a), a === 3 || !b, log];
}
function effects() {
  const log = [], f = (name, value) => { log.push(name); return value; };
  return [!(f(1, 0) && f(2, 1)), !f(3, 1) || !f(4, 1), !(f(5, 1) || f(6, 0)), log];
}
// output
function values(a, b) {
  const log = [];
  if (!a || b) log.push("one");
  if (!(a && b)) log.push("two");
  while (!(a === 3 || b)) { log.push("three"); break; }
  return [!a || !b, !a && !b, !(a || b), a !== 3 && !b, !!a || !b, !a || !b ? "x" : "y", !(a, b && a), !(a !== 3 && b), log];
}
function effects() {
  const log = [], f = (name, value) => { log.push(name); return value; };
  return [!f(1, 0) || !f(2, 1), !(f(3, 1) && f(4, 1)), !f(5, 1) && !f(6, 0), log];
}
