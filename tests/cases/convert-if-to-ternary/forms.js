// run: [0, 1, 2, 3].map(f)
// run: [0, 1, 2, 3].map(g)
// run: names()
// run: order()
// run: log
var log = [];
function say(x) { log.push(x); return x; }
function f(n) {
  if (n === 0) return "zero";
  else { return n, n + 1; }
}
function g(n) {
  var x, o = {};
  if (n > 1) x = n; else { x = -n; }
  if (n) say(x); else { say("none"); }
  if (!n) say("no" + n);
  if (n == 2) { x = "two"; }
  if (n > 2) o.a = x, say(o.a);
  n && say("and");
  n || (x = "or");
  n ? say("yes") : say("no");
  x = n ? x + "!" : (say("q"), [x]);
  if (n) (function () { say("fn"); })(); else ({ toString() { say("obj"); return ""; } }) + "";
  if (n) { if (x) say("inner"); } else say("outer");
  return n ? x : { n, x: o.a };
}
function names() {
  var a, b, c;
  if (log) a = function () {}; else a = 0;
  b = log ? function () {} : 0;
  if (log) c = x => x; else c = 1;
  return [!a.name, !b.name, !c.name].join();
}
function order() {
  var o = null;
  try {
    if (say("c")) o.x = say("v"); else o.x = 2;
  } catch (e) { say(e.name); }
  if (o) say(1); else try { undeclared = say(3); } finally { say(undeclared); }
}
// output
var log = [];
function say(x) { log.push(x); return x; }
function f(n) {
  return n === 0 ? "zero" : (n, n + 1);
}
function g(n) {
  var x, o = {};
  x = n > 1 ? n : -n;
  n ? say(x) : say("none");
  n || say("no" + n);
  n == 2 && (x = "two");
  n > 2 && (o.a = x, say(o.a));
  if (n) say("and");
  if (!n) x = "or";
  if (n) say("yes");
  else say("no");
  if (n) x = x + "!";
  else x = (say("q"), [x]);
  n ? (function () { say("fn"); })() : ({ toString() { say("obj"); return ""; } }) + "";
  if (n) { x && say("inner"); } else say("outer");
  if (n) return x;
  else return { n, x: o.a };
}
function names() {
  var a, b, c;
  log ? a = function () {} : a = 0;
  b = log ? function () {} : 0;
  log ? c = x => x : c = 1;
  return [!a.name, !b.name, !c.name].join();
}
function order() {
  var o = null;
  try {
    say("c") ? o.x = say("v") : o.x = 2;
  } catch (e) { say(e.name); }
  if (o) say(1); else try { undeclared = say(3); } finally { say(undeclared); }
}
