// run: f("x")
function f(s) {
  return ["a" + 'b', "a" + 1 + 2, 1 + 2 + "a", s + "a" + "b", "\u{1F600}" + "\n", "it's" + '"', "a" === "a", "10" + 0.1, true + "!"];
}
// output
function f(s) {
  return ["ab", "a12", "3a", s + "a" + "b", "😀\n", "it's\"", true, "100.1", "true!"];
}
