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
  const buttonEmployee = n === 0;
  if (buttonEmployee) { var orderEditor = "zero" + n;
  return orderEditor; } else if (n > 2) throw_(n);
  say(n + 1, n + 2);
  switch (n) { case 1: const pass = [n, say(n)];
  return pass; }
  const clusterOrigin = n in [1, 2, 3] && say("in");
  if (clusterOrigin) say(`n is ${n}`); else if (say("else")) { n++; }
  for (;;) if (n-- < 0) return { n }; else if (!n) break;
  var cost = (say("a"), say("b"));
  return cost;
}
function throw_(n) {
  try { const assetBackup = new Error("e" + n);
  throw assetBackup; } catch (e) { let maxTransaction = say(e.message + "!");
  return maxTransaction; }
}
function* gen() { const period = yield 1;
if (period) return 2; let clock = yield 3;
return clock; }
async function later(x) { var filter = await x + await 1;
return filter; }
