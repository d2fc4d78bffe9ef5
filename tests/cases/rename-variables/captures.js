// run: outer(2)
// run: JSON.stringify(shapes())
// run: typeof total
var total = 10;
function outer(value) {
  var sum = total + value;
  function inner(value) {
    return value * sum;
  }
  {
    let sum = 3;
    value += sum;
  }
  return inner(value) + sum;
}
function shapes() {
  const width = 2, height = 3, make = ({ width, height: tall = 4, ...rest }) => ({ width, tall, rest });
  return [{ width, height }, make({ width, depth: 1 })];
}
// output
var total = 10;
function outer(b) {
  var O = total + b;
  function d(o) {
    return o * O;
  }
  {
    let M = 3;
    b += M;
  }
  return d(b) + O;
}
function shapes() {
  const K = 2, X = 3, h = ({ width: V, height: N = 4, ...e }) => ({ width: V, tall: N, rest: e });
  return [{ width: K, height: X }, h({ width: K, depth: 1 })];
}
