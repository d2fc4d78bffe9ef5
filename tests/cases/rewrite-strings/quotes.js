// run: f()
// run: Object.keys(g({ "it's": 1, b: 2 }))
"use strict";
function f() {
  'not "strict"';
  const s = ["it's", 'say "hi"', 'it\'s', "\"", "\x41\u0042\x31", "\0" + "1", '\
', "\u{1F600}", "a\u2028b", `'t'`, "", "\\", '\\\''];
  return s.concat("x" + 'y', { "a b": 'c' }["a b"], typeof "z");
}
function g({ "it's": it, ...rest }) {
  return { 'a-b': it, ["q"]: 1, rest };
}
// output
"use strict";
function f() {
  'not "strict"';
  const s = ['it\'s', "say \"hi\"", "it's", '"', 'AB\x31', '\0' + '1', "\
", '\u{1F600}', 'a\u2028b', `'t'`, '', '\\', "\\'"];
  return s.concat('x' + "y", { 'a b': "c" }['a b'], typeof 'z');
}
function g({ 'it\'s': it, ...rest }) {
  return { "a-b": it, ['q']: 1, rest };
}
