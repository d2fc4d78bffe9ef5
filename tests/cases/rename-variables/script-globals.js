// run: f()
var a = 1;
function f() {
  return a;
}
const { b, c: [d] } = { b: 1, c: [2] };
