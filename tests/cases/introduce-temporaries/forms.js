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
  var courseGrade = n === 0;
  if (courseGrade) { var languageDelta = "zero" + n;
  return languageDelta; } else if (n > 2) throw_(n);
  say(n + 1, n + 2);
  switch (n) { case 1: let context = [n, say(n)];
  return context; }
  let promise = n in [1, 2, 3] && say("in");
  if (promise) say(`n is ${n}`); else if (say("else")) { n++; }
  for (;;) if (n-- < 0) return { n }; else if (!n) break;
  let basket = (say("a"), say("b"));
  return basket;
}
function throw_(n) {
  try { var port = new Error("e" + n);
  throw port; } catch (e) { let columnRegion = say(e.message + "!");
  return columnRegion; }
}
function* gen() { const branch = yield 1;
if (branch) return 2; const cursorLogger = yield 3;
return cursorLogger; }
async function later(x) { var boundGuest = await x + await 1;
return boundGuest; }
