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
function outer(command) {
  var layoutAuthor = total + command;
  function prepareEmployee(unit) {
    return unit * layoutAuthor;
  }
  {
    let area = 3;
    command += area;
  }
  return prepareEmployee(command) + layoutAuthor;
}
function shapes() {
  const photo = 2, elementMask = 3, token = ({ width: bundle, height: flagListener = 4, ...priority }) => ({ width: bundle, tall: flagListener, rest: priority });
  return [{ width: photo, height: elementMask }, token({ width: photo, depth: 1 })];
}
