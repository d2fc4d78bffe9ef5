// run: f(0, 1)
// run: f(2, null)
// run: f(void 0, "")
// run: g(null, 3)
function f(a, b) {
  const log = [], push = x => log.push(x);
  a && push(1);
  b || push(2);
  if (a ? b : false) push(3);
  if (a ? true : b) push(4);
  while (a ? false : !b) { push(5); break; }
  if (a ? b : true) push(6);
  return [a && b, a || b, a ?? b, !!a, a ? b : a, a ? a : b, a ? true : false, a ? false : true, (a, b) && 1, a && b || 3, (a || b) ?? 1, log];
}
function g(a, b) {
  var { x = 1 } = a || {}, y = b && ((b) => b && 2)(b);
  a = a || (x = 5);
  return [a, x, y, !!(a && b) + 1, (a && function () {} || 1).length, a === null && b];
}
// output
function f(a, b) {
  const log = [], push = x => log.push(x);
  a ? push(1) : a;
  b ? b : push(2);
  if (a && b) push(3);
  if (a || b) push(4);
  while (!a && !b) { push(5); break; }
  if (!a || b) push(6);
  return [a ? b : a, a ? a : b, a !== null && a !== void 0 ? a : b, a ? true : false, a && b, a || b, !!a, !a, (a, b) && 1, (a ? b : a) || 3, (a ? a : b) ?? 1, log];
}
function g(a, b) {
  var { x = 1 } = a ? a : {}, y = b ? ((b) => b ? 2 : b)(b) : b;
  a = a ? a : x = 5;
  return [a, x, y, ((a ? b : a) ? true : false) + 1, ((a ? function () {} : a) || 1).length, a === null && b];
}
