// run: [0, 1, 2, 3, 4].map(f)
// run: [0, 1, 2].map(guard)
// run: [0, 1, 2].map(many)
// run: new Late(0).x + new Late(1).x
// run: log
// seed: 1
var log = [];
function f(n) {
  if (n === 0) { return "zero"; } else { log.push(n); var hoisted = 1; }
  if (n === 1) return hoisted; else if (n === 2) throwing();
  if (n === 3) {
    log.push("three");
    return n;
  }
  for (;;) {
    if (hoisted) break; else hoisted++;
    log.push("never");
  }
  if (hoisted > 5) while (true) { if (n) break; else if (log) n++; else return; }
  else log.push(hoisted);
  return "end";
}
function throwing() {}
function guard(n) {
  log.push("guard");
  if (n) {
    log.push(n);
    if (n > 1) return;
    log.push("one");
  }
}
function many(n) {
  if (!n) return;
  log.push("some");
  if (n === 1) { return; }
  log.push("more");
}
class Late {
  constructor(n) {
    this.x = "a";
    if (n) { this.x += "b"; return; } else this.x += "c";
    if (this.x) { this.x += "d" }
  }
}
// output
var log = [];
function f(n) {
  if (n === 0) { return "zero"; }
  log.push(n); var hoisted = 1;
  if (n === 1) return hoisted;
  if (n === 2) throwing();
  if (n === 3) {
    log.push("three");
    return n;
  } else {
  for (;;) {
    if (hoisted) break;
    hoisted++;
    log.push("never");
  }
  if (hoisted > 5) while (true) { if (n) break;
  if (log) n++; else return; }
  else log.push(hoisted);
  return "end";
  }
}
function throwing() {}
function guard(n) {
  log.push("guard");
  if (!n) return;
    log.push(n);
    if (n > 1) return; else {
    log.push("one");
    }
}
function many(n) {
  if (n) {
  log.push("some");
  if (n === 1) { return; } else {
  log.push("more");
  }
  }
}
class Late {
  constructor(n) {
    this.x = "a";
    if (n) { this.x += "b"; return; }
    this.x += "c";
    if (!this.x) return;
    this.x += "d"
  }
}
