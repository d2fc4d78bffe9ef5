// run: f({ undefined: 3 })
function f(o) {
  with (o) {
    return [undefined, void 0];
  }
}
