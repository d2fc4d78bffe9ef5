// run: f()
// run: f(1)
function f(a) {
  const missing = undefined, { b = undefined } = {}, names = { undefined: 1 };
  if (a === undefined || typeof undefined !== typeof void 0) return [missing, void 0];
  return [b, void 1, undefined ?? 2, names.undefined, names[undefined], `${undefined}`, undefined + 1, undefined, void a, [undefined?.x]];
}
// output
function f(a) {
  const missing = void 0, { b = void 0 } = {}, names = { undefined: 1 };
  if (a === void 0 || typeof void 0 !== typeof undefined) return [missing, undefined];
  return [b, undefined, void 0 ?? 2, names.undefined, names[void 0], `${void 0}`, void 0 + 1, void 0, void a, [(void 0)?.x]];
}
