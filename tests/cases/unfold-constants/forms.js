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
  return [20 * 3, 1 + 1, 173 - 73 - n, n * (6 * 2), -(14 + 10), (1 + 1) ** (7 + 3), n + (4 + 3) + ("p" + "x"), "a" + (4 + 3), 211 + 44, 100 * 10, 4 * 5 / (3 + 1) / (1 + 1), n % (16 + 14), 4 * 3 in [], typeof (3 * 5)];
}
function g(k) {
  const o = { key: "va" + "lue", "other key": 7 + 26, [k + ("e" + "y")]: 'it\'s ' + '"it"' };
  switch (k) { case "k" + "k": return 0; case "k": return [o, "hello " + "brave new world", "😀" + "x", k + ("a" + "b") + k, "ab".length]; }
}
