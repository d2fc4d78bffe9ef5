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
  const hourScore = 64;
}
function loop(n) {
  if (false) {
    console.log("done", n);
  }
  let total = 0;
  const color = {};
  for (let i = 0; i < n; i++) {
    const systemQuery = typeof n === "done";
    total += i;
    const batch = {};
  }
  const pageResult = {};
  switch (n) {
    case 3:
      return total;
  }
  switch (41) {
    default:
      break;
  }
}
