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
  return [2 * 30, 1 + 1, 124 - 24 - n, n * (7 + 5), -(12 + 12), (1 + 1) ** (2 * 5), n + (6 + 1) + ("p" + "x"), "a" + (1 + 6), 85 * 3, 955 + 45, 4 * 5 / (2 * 2) / (1 + 1), n % (5 + 25), 3 * 4 in [], typeof (3 * 5)];
}
function g(k) {
  const o = { key: "v" + "alue", "other key": 3 * 11, [k + ("e" + "y")]: 'it\'s ' + '"it"' };
  switch (k) { case "k" + "k": return 0; case "k": return [o, "hello " + "brave new world", "😀" + "x", k + ("a" + "b") + k, "ab".length]; }
}
