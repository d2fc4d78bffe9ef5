// run: f({ toString: () => "s", valueOf: () => "v" })
// run: g(1)
// run: strict()
function f(o) {
  return [`${o}`, `a${o}b`, String.raw`\a${1}`, `\ud800`, (`x${o}`, 1)];
}
function g(n) {
  try { return `${n}${Symbol.iterator}`; } catch (e) { return e instanceof TypeError; }
}
function strict() {
  `use strict`;
  return this === undefined;
}
const o = { f() { return `${this}`; } };
