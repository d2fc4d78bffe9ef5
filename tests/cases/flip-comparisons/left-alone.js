// run: order()
// run: late()
// run: change(1)
// run: conversions()
function order() {
  const log = [];
  const f = name => { log.push(name); return 1; };
  return [f("a") === f("b"), f("c") < f("d"), log];
}
function late() {
  const g = () => x === f();
  const f = () => 1;
  try { g(); } catch (e) { return e instanceof ReferenceError; }
  let x = 1;
}
function change(x) {
  let n = x;
  const next = () => n++;
  return [n === next(), x === x++, n < [n].length, n in [0, 1]];
}
function conversions() {
  const log = [];
  const make = name => ({ valueOf() { log.push(name); return 1; } });
  const a = make("a"), b = make("b");
  return [a < b, a >= b, log];
}
