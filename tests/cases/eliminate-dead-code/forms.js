// run: [f(0), f(1), f(2)]
// run: g()
// run: strict.call(1)
// run: typeof [...h()]
function f(n) {
  ;
  var unused = 1, gone = [function () {}];
  let also = `${n === 1}`;
  function never() { return never2; }
  if (false) { n = "never"; }
  if (true) { n++; } else n = 9;
  if (0) throw n; else if ("") n--; else { let x = n; n = x + 1; }
  while (false) { n = 7; }
  do { n += 1; } while (!1);
  {}
  n; n === 2; -1; "text"; void 0;
  if (n > 3) if (undefined) n++; else { n *= 2; }
  switch (n) { case 4: return 1; n++; break; default: break; case 5: break; n++; }
  for (;;) { if (n) { break; n++; } else { return n; throw n; } n; unreached(); break; }
  if (n) return n; else throw n;
  n.x.y;
  label: for (;;) break label;
}
function g() {
  return k() + typeof v;
  k();
  var v = 1;
  function k() { return "k"; }
  if (v) { var w; }
}
function strict() {
  ;"use strict";
  "neither";
  this;
  return typeof this;
  return;
}
function* h() {
  yield 1;
  if (null) yield 2;
  return;
}
// output
function f(n) {
  { n++; }
  { let x = n; n = x + 1; }
  { n += 1; } -1; "text";
  if (n > 3) { n *= 2; }
  switch (n) { case 4: return 1; default: break; case 5: break; }
  for (;;) { if (n) { break; } else { return n; } }
  if (n) return n; else throw n;
}
function g() {
  return k() + typeof v;
  var v = 1;
  function k() { return "k"; }
  if (v) { }
}
function strict() {
  ;"use strict";
  "neither";
  this;
  return typeof this;
}
function* h() {
  yield 1;
}
