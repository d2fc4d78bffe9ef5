// level: plain_data
// run: f([1, 2])
// run: g(["a", "b"])
// run: h([{ a: 1 }, { a: 2 }])
function f(list) {
  let sum = 0;
  for (const x of list) sum += x;
  for (let i = 0; i < list.length; i++) { sum += list[i] * i; }
  return sum;
}
function g(words) {
  const out = [];
  words.forEach(word => { out.push(word); });
  words.forEach(function (word) { if (word) out.push(word); });
  words.forEach(word => out.push(word));
  return out;
}
function h(rows) {
  const out = [];
  for (let { a } of rows) {
    a += 1;
    out.push(() => a);
  }
  return out.map(one => one());
}
// output
function f(list) {
  let sum = 0;
  list.forEach((x) => {
    sum += x;
  });
  list.forEach((middleTable, i) => {
    sum += middleTable * i; });
  return sum;
}
function g(words) {
  const out = [];
  for (const word of words) {
    out.push(word); }
  for (const word of words) {
    if (word) out.push(word); }
  for (const word of words) {
    out.push(word);
  }
  return out;
}
function h(rows) {
  const out = [];
  rows.forEach(({ a }) => {
    a += 1;
    out.push(() => a);
  });
  return out.map(one => one());
}
