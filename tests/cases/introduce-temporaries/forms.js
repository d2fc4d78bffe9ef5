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
  var buttonEmployee = n === 0;
  if (buttonEmployee) { var orderEditor = "zero" + n;
  return orderEditor; } else if (n > 2) throw_(n);
  say(n + 1, n + 2);
  switch (n) { case 1: let bar = [n, say(n)];
  return bar; }
  let areaGap = n in [1, 2, 3] && say("in");
  if (areaGap) say(`n is ${n}`); else if (say("else")) { n++; }
  for (;;) if (n-- < 0) return { n }; else if (!n) break;
  const cost = (say("a"), say("b"));
  return cost;
}
function throw_(n) {
  try { const colorTeam = new Error("e" + n);
  throw colorTeam; } catch (e) { var fragment = say(e.message + "!");
  return fragment; }
}
function* gen() { let store = yield 1;
if (store) return 2; var payloadTrack = yield 3;
return payloadTrack; }
async function later(x) { var marker = await x + await 1;
return marker; }
