// level: plain_data
// run: total([{ price: 2 }, { price: 3 }])
// run: names([{ name: "a" }, { name: "b" }])
// run: first([3, 5, 8], 4)
// run: nested([[1, 2], [3]])
// run: back(["x", "y"])
function total(items) {
  let sum = 0;
  for (let i = 0; i < items.length; i++) sum += items[i].price;
  return sum;
}
function names(list) {
  var out = [];
  for (var i = 0, n = list.length; i < n; i += 1) {
    const one = list[i];
    if (!one) continue;
    out.push(one.name);
  }
  return out;
}
function first(values, least) {
  for (let i = 0; i < values.length; ++i) { if (values[i] > least) return values[i]; }
}
function nested(rows) {
  let out = "";
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    for (let j = 0; j < row.length; j++) out += row[j];
  }
  return out;
}
function back(words) {
  const out = [];
  for (const word of words) out.unshift(word);
  for (const { length } of words) { out.push(length); }
  return out;
}
// output
function total(items) {
  let sum = 0;
  for (let iterator of items) sum += iterator.price;
  return sum;
}
function names(list) {
  var out = [];
  for (const one of list) {
    if (!one) continue;
    out.push(one.name);
  }
  return out;
}
function first(values, least) {
  for (const senderList of values) { if (senderList > least) return senderList; }
}
function nested(rows) {
  let out = "";
  for (const row of rows) {
    for (let parserExample of row) out += parserExample;
  }
  return out;
}
function back(words) {
  const out = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    out.unshift(word);
  }
  for (let k = 0; k < words.length; k++) {
    const { length } = words[k];
    { out.push(length); }
  }
  return out;
}
