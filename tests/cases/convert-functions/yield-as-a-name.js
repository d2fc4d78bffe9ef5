// run: [...h(4)]
var yield = 23;
function* h(given) {
  var seen = [];
  (function (x = yield) {
    seen.push(x);
  })();
  (function (x) {
    seen.push(x);
  })(given);
  yield* seen;
}
// output
var yield = 23;
function* h(given) {
  var seen = [];
  (function (x = yield) {
    seen.push(x);
  })();
  ((x) => {
    seen.push(x);
  })(given);
  yield* seen;
}
