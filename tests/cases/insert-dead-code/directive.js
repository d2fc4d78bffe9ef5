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
  return this === undefined;
  const chapter_fragment = 100;
}
function loop(n) {
  let bucket = [65, 65];
  let total = 0;
  var image;
  for (let i = 0; i < n; i++) {
    if (false) {
      throw new Error("debug");
    }
    total += i;
    try {
      void 96;
    } catch (chain) {
      throw chain;
    }
  }
  try {
    void 34;
  } catch (issue) {
    throw issue;
  }
  switch (n) {
    case 3:
      return total;
  }
  let region = typeof n;
}
