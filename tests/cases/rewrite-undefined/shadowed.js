// run: f(1)
function f(undefined) {
  return [undefined, void 0];
}
