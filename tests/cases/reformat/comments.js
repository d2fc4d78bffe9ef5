// run: f(4)
// seed: 3
/* licence */
function f(/* the number */ n) {
  // leading
  var x = n // trailing
  var y = x /* inline */ + 1; /* after */
  return (
    // inside
    y /* multi
    line */ * 2
  )
}
// output
/* licence */
function f( /* the number */ n) {
    // leading
    var x = n; // trailing
    var y = x /* inline */ + 1; /* after */
    return ( // inside
    y /* multi
    line */ * 2);
}
