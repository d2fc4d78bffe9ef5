// run: JSON.stringify(f())
function f() {
  return [0 * -1, 1 / 0, 0 / 0, 1n + 2n, 010 + "", 2 ** 0.5, "a" - 1, [1] + 2, -1, 1 + null, typeof 1].map(String);
}
"a" + "b";
