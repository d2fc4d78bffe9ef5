// level: plain_data
function f(list, g) {
  for (const x of list) { if (x) break; }
  for (const x of list) { if (x) continue; g(x); }
  for (const x of list) { if (x) return x; }
  for (const x of list) { var y = x; }
  for (const x of g()) g(x);
  for (x of list) g(x);
  for (const x of list) list.push(x);
  list.forEach(g);
  list.forEach((x, i) => g(x, i));
  list.forEach(function (x) { g(this, x); });
  list.forEach(async x => g(x));
  list.forEach(x => { return g(x); });
  return list.forEach(x => g(x));
}
async function h(list, g) {
  for (const x of list) await g(x);
  for await (const x of list) g(x);
}
