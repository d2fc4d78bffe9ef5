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
  const vector = n === 0;
  if (vector) { const speed = "zero" + n;
  return speed; } else if (n > 2) throw_(n);
  say(n + 1, n + 2);
  switch (n) { case 1: var urlTimer = [n, say(n)];
  return urlTimer; }
  const moment = n in [1, 2, 3] && say("in");
  if (moment) say(`n is ${n}`); else if (say("else")) { n++; }
  for (;;) if (n-- < 0) return { n }; else if (!n) break;
  const leafDomain = (say("a"), say("b"));
  return leafDomain;
}
function throw_(n) {
  try { const maxRemote = new Error("e" + n);
  throw maxRemote; } catch (e) { var arrayFilter = say(e.message + "!");
  return arrayFilter; }
}
function* gen() { const termCookie = yield 1;
if (termCookie) return 2; var phase = yield 3;
return phase; }
async function later(x) { const percent = await x + await 1;
return percent; }
