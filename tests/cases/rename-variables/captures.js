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
function outer(argument) {
  var methodHash = total + argument;
  function incrementDriver(employeeMonth) {
    return employeeMonth * methodHash;
  }
  {
    let digit = 3;
    argument += digit;
  }
  return incrementDriver(argument) + methodHash;
}
function shapes() {
  const stageDistance = 2, gap = 3, object = ({ width: list, height: resourceCache = 4, ...tableCategory }) => ({ width: list, tall: resourceCache, rest: tableCategory });
  return [{ width: stageDistance, height: gap }, object({ width: stageDistance, depth: 1 })];
}
