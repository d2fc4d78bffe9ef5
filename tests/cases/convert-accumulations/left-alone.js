// level: plain_data
function f(list, g) {
  const a = [];
  for (const x of list) a.push(a.length, x);
  const b = [1];
  for (const x of list) b.push(x);
  const c = [];
  g(c);
  for (const x of list) c.push(x);
  const d = [];
  for (const x of list) { if (x) d.push(x); else d.push(1); }
  const e = [];
  for (const x of list) e.push(g(e));
  const h = list.map(g), i = list.map((x, n) => n);
  let j = 0;
  for (const x of list) j += j + x;
  return [a, b, c, d, e, h, i, j];
}
async function k(list, g) {
  const a = [];
  for (const x of list) a.push(await g(x));
  return a;
}
