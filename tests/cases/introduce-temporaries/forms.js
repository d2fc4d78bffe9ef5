// run: [0, 1, 2, 3].map(f)
// run: log
// run: [...gen()]
// run: later(2)
var log = [];
function say(x, ...rest) { log.push(x, ...rest); return x; }
function f(n) {
  if (n === 0) { return "zero" + n; } else if (n > 2) throw_(n);
  say(n + 1, n + 2);
  switch (n) { case 1: return [n, say(n)]; }
  if (n in [1, 2, 3] && say("in")) say(`n is ${n}`); else if (say("else")) { n++; }
  for (;;) if (n-- < 0) return { n }; else if (!n) break;
  return (say("a"), say("b"));
}
function throw_(n) {
  try { throw new Error("e" + n); } catch (e) { return say(e.message + "!"); }
}
function* gen() { if (yield 1) return 2; return yield 3; }
async function later(x) { return await x + await 1; }
// output
var log = [];
function say(x, ...rest) { log.push(x, ...rest); return x; }
function f(n) {
  let deltaLimit = n === 0;
  if (deltaLimit) { const manager = "zero" + n;
  return manager; } else if (n > 2) throw_(n);
  say(n + 1, n + 2);
  switch (n) { case 1: let calendarMatrix = [n, say(n)];
  return calendarMatrix; }
  const typeCategory = n in [1, 2, 3] && say("in");
  if (typeCategory) say(`n is ${n}`); else if (say("else")) { n++; }
  for (;;) if (n-- < 0) return { n }; else if (!n) break;
  let worker = (say("a"), say("b"));
  return worker;
}
function throw_(n) {
  try { var buffer = new Error("e" + n);
  throw buffer; } catch (e) { const handleRecord = say(e.message + "!");
  return handleRecord; }
}
function* gen() { let right = yield 1;
if (right) return 2; var person = yield 3;
return person; }
async function later(x) { const alias = await x + await 1;
return alias; }
