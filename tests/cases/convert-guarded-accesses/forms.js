// level: plain_data
// run: f({ b: 1 }, undefined)
// run: f(null, () => 1)
// run: f({ b: 0 }, null)
function f(a, callback) {
  let out = 0;
  if (a && a.b) out += 1;
  if (a?.b) out += 2;
  if (!(a && a.c) || (a?.c && out)) out += 4;
  callback && callback();
  return out;
}
// output
function f(a, callback) {
  let out = 0;
  if (a?.b) out += 1;
  if (a && a.b) out += 2;
  if (!(a?.c) || (a && a.c && out)) out += 4;
  callback?.();
  return out;
}
