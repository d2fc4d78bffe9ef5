// run: strict()
// run: loop(3)
// seed: 2
function strict() {
  "use strict";
  return this === undefined;
}
function loop(n) {
  let total = 0;
  for (let i = 0; i < n; i++) {
    total += i
  }
  switch (n) {
    case 3:
      return total;
  }
}
// output
function strict() {
  "use strict";
  while (false) {
    break;
  }
  return this === undefined;
  switch (54) {
    default:
      break;
  }
}
function loop(n) {
  const labelWatcher = function () {
    return null;
  };
  let total = 0;
  let callback;
  for (let i = 0; i < n; i++) {
    let barSocket = [16, 16];
    total += i;
    while (false) {
      break;
    }
  }
  function toggleMarker(root) {
    return root;
  }
  switch (n) {
    case 3:
      return total;
  }
  switch (66) {
    default:
      break;
  }
}
