// type: module
import fetcher, { parse as read, format } from "./io.js";
import * as tools from "./tools.js";

const limit = 10;
let count = 0;
export const shown = limit;
export { count, read as reader };
export default function main(input) {
  count += tools.size(format(read(input)), limit);
  return fetcher(count);
}
// output
import P, { parse as u, format as w } from "./io.js";
import * as Q from "./tools.js";

const l = 10;
let S = 0;
export const shown = l;
export { S as count, u as reader };
export default function I(Z) {
  S += Q.size(w(u(Z)), l);
  return P(S);
}
