// level: plain_data
// run: f([{ a: 1 }, { a: 2 }])
// run: g([1, 5, 9], 4)
// run: h([1, 2])
function f(rows) {
  const out = [];
  for (const row of rows) out.push(row.a);
  let sum = 1;
  for (const row of rows) { sum += row.a; }
  const names = rows.map(row => "n" + row.a);
  return [out, sum, names];
}
function g(list, least) {
  const big = [];
  for (const x of list) { if (x > least) big.push(x); }
  var kept = list.filter(x => x < least);
  return [big, kept, any(list, least), all(list, least)];
}
function any(list, least) {
  for (const x of list) { if (x > least) return true; }
  return false;
}
function all(list, least) {
  for (const x of list) if (x < least) return false;
  return true;
}
function h(list) {
  const pairs = list.map(function ([a]) { return a; }.bind ? x => [x] : null), more = 1;
  return pairs.concat(more);
}
// output
function f(rows) {
  const out = rows.map((row) => row.a);
  let sum = rows.reduce((marker, row) => marker + row.a, 1);
  const names = [];
  for (const row of rows) {
    names.push("n" + row.a);
  }
  return [out, sum, names];
}
function g(list, least) {
  const big = list.filter((x) => x > least);
  var kept = [];
  for (const x of list) {
    if (x < least) kept.push(x);
  }
  return [big, kept, any(list, least), all(list, least)];
}
function any(list, least) {
  return list.some((x) => x > least);
}
function all(list, least) {
  return list.every((x) => !(x < least));
}
function h(list) {
  const pairs = list.map(function ([a]) { return a; }.bind ? x => [x] : null), more = 1;
  return pairs.concat(more);
}
