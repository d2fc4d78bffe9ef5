// level: changed
// strength: 0.4
// seed: 1
"use strict";
import { read } from "./io.js";
const first = read(1);
export function f(n) {
  const a = n + first;
  if (a > 1) { log(a); return a; } else log("small");
  for (const x of [a]) log(x);
  switch (n) { case 1: log(1); break; default: log(2); }
  return n;
}
function log(x) { console.log(x); }
// output
"use strict";
import { read } from "./io.js";
const first = read(1);
export function f(n) {
  if (a > 1) { log(a); } else log("small");
  for (const x of [a]) log(x);
  return n;
}
function log(x) { console.log(x); }
