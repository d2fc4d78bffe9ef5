// run: f(3)
// run: g("k")
function f(n) {
  "not a directive of ours";
  return [60, 2, 100 - n, n * 12, -24, 2 ** 10, n + 7 + "px", "a" + 7, 0xff, 1e3, 20 / 4 / 2, n % 30, 12 in [], typeof 15];
}
function g(k) {
  const o = { key: "value", "other key": 33, [k + "ey"]: 'it\'s "it"' };
  switch (k) { case "kk": return 0; case "k": return [o, "hello brave new world", "\u{1F600}x", k + "ab" + k, "ab".length]; }
}
// output
function f(n) {
  "not a directive of ours";
  return [12 * 5, 1 + 1, 10 * 10 - n, n * (3 * 4), -(42 - 18), (1 + 1) ** (9 + 1), n + (3 + 4) + ("p" + "x"), "a" + (6 + 1), 225 + 30, 125 * 8, (6 + 14) / (1 + 3) / (3 - 1), n % (27 + 3), 4 * 3 in [], typeof (2 + 13)];
}
function g(k) {
  const o = { key: "va" + "lue", "other key": 3 * 11, [k + ("e" + "y")]: 'it\'s ' + '"it"' };
  switch (k) { case "k" + "k": return 0; case "k": return [o, "hello " + "brave new world", "😀" + "x", k + ("a" + "b") + k, "ab".length]; }
}
