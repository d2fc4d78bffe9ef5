// run: values()
// run: tests(0)
// run: tests(3)
// run: loops()
function values() {
  const flags = [true, false, true + 1, -true, typeof true, true.toString(), false === !1, [false][0]];
  const { on = true, off = false } = {};
  for (const flag of [true]) flags.push(flag);
  switch (true) {
    case false: flags.push("no"); break;
    case true: flags.push("yes");
  }
  return [...flags, on, off, `${true}`, true ** 2, true in { true: 1 }, (() => true)()];
}
function tests(n) {
  const log = [];
  if (true) log.push(1);
  if (false || n) log.push(2);
  while (1) { if (log.push(3)) break; }
  do log.push(4); while (0);
  log.push(true ? "a" : "b", !false, !(n && true), (true && n) ? 1 : 0, n || true, 1 ? 0 : 1);
  return log;
}
function loops() {
  let count = 0;
  for (; true;) if (++count > 2) return count;
}
// output
function values() {
  const flags = [!0, !1, !0 + 1, -!0, typeof !0, (!0).toString(), !1 === !true, [!1][0]];
  const { on = !0, off = !1 } = {};
  for (const flag of [!0]) flags.push(flag);
  switch (!0) {
    case !1: flags.push("no"); break;
    case !0: flags.push("yes");
  }
  return [...flags, on, off, `${!0}`, (!0) ** 2, !0 in { true: 1 }, (() => !0)()];
}
function tests(n) {
  const log = [];
  if (1) log.push(1);
  if (0 || n) log.push(2);
  while (true) { if (log.push(3)) break; }
  do log.push(4); while (false);
  log.push(1 ? "a" : "b", !!1, !(n && 1), (!0 && n) ? 1 : 0, n || !0, true ? 0 : 1);
  return log;
}
function loops() {
  let count = 0;
  for (; !0;) if (++count > 2) return count;
}
