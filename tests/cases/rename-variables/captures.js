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
function outer(roleInteger) {
  var postInteger = total + roleInteger;
  function restoreSlice(element) {
    return element * postInteger;
  }
  {
    let pathComponent = 3;
    roleInteger += pathComponent;
  }
  return restoreSlice(roleInteger) + postInteger;
}
function shapes() {
  const managerStyle = 2, inputInvoice = 3, transactionTitle = ({ width: integer, height: route = 4, ...cartSearch }) => ({ width: integer, tall: route, rest: cartSearch });
  return [{ width: managerStyle, height: inputInvoice }, transactionTitle({ width: managerStyle, depth: 1 })];
}
