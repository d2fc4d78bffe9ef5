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
  for (let relation = 0; relation < 0; relation++) {
    relation += 9;
  }
  return this === undefined;
  var theme_window = 48, contact_extension = "unknown";
}
function loop(n) {
  if (65 > 279) {
    return 3600;
  }
  let total = 0;
  if (false) {
    throw new Error("missing");
  }
  for (let i = 0; i < n; i++) {
    const sender_post = () => 128;
    total += i;
    const color_cycle = typeof n === "done";
  }
  for (let margin_url = 0; margin_url < 0; margin_url++) {
    margin_url += 34;
  }
  switch (n) {
    case 3:
      return total;
  }
  const driver = { collection_pattern: 100 };
}
