// run: f(2)
/** Doc. */
function f(x) { // first
  /* block */
  var s = "// not a comment", r = /\/\*/g; /* one */ /* two */
  return x /*
  */ + 1 + s.length // last
}
// end
// output
function f(x) {
  var s = "// not a comment", r = /\/\*/g;
  return x
   + 1 + s.length
}
