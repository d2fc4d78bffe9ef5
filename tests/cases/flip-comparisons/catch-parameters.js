// run: f()
function f() {
  var seen = [], e = (x) => (seen.push(x), x);
  try {
    try {
      throw {};
    } catch ({ a = b === e(1), b = 3 }) {
      return a;
    }
  } catch (error) {
    seen.push(error instanceof ReferenceError);
    if (error === e(2)) seen.push(3);
  }
  return seen.join();
}
// output
function f() {
  var seen = [], e = (x) => (seen.push(x), x);
  try {
    try {
      throw {};
    } catch ({ a = b === e(1), b = 3 }) {
      return a;
    }
  } catch (error) {
    seen.push(error instanceof ReferenceError);
    if (e(2) === error) seen.push(3);
  }
  return seen.join();
}
