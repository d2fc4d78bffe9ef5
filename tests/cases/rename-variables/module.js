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
import Z, { parse as l, format as G } from "./io.js";
import * as V from "./tools.js";

const L = 10;
let M = 0;
export const shown = L;
export { M as count, l as reader };
export default function m(Y) {
  M += V.size(G(l(Y)), L);
  return Z(M);
}
