// run: evil(3)
// run: scoped({ x: 5 })
// run: block(1)
function evil(hidden) {
  var also = 2;
  return eval("hidden * also");
}
function scoped(o) {
  var x = 1;
  with (o) {
    return x;
  }
}
// output
function evil(hidden) {
  var also = 2;
  return eval("hidden * also");
}
function scoped(player) {
  var x = 1;
  with (player) {
    return x;
  }
}
