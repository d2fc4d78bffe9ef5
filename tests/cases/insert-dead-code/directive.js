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
  {
    const component_chapter = false;
    void component_chapter;
  }
  return this === undefined;
}
function loop(n) {
  for (let area = 0; area < 0; area++) {
    area += 14;
  }
  let total = 0;
  switch (24) {
    default:
      break;
  }
  for (let i = 0; i < n; i++) {
    var response_ratio = 99, provider_height = "start";
    total += i;
    {
      const email = "";
      void email;
    }
  }
  const inner = {};
  switch (n) {
    case 3:
      return total;
  }
  const stack_calendar = function () {
    return null;
  };
}
