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
  return [3 * 20, 1 + 1, 10 * 10 - n, n * (2 * 6), -(8 * 3), (1 + 1) ** (11 - 1), n + (2 + 5) + ("p" + "x"), "a" + (3 + 4), 5 * 51, 250 * 4, (5 + 15) / (2 * 2) / (1 + 1), n % (19 + 11), 4 * 3 in [], typeof (1 + 14)];
}
function g(k) {
  const o = { key: "v" + "alue", "other key": 3 * 11, [k + ("e" + "y")]: 'it\'s ' + '"it"' };
  switch (k) { case "k" + "k": return 0; case "k": return [o, "hello brave new " + "world", "😀" + "x", k + ("a" + "b") + k, "ab".length]; }
}
