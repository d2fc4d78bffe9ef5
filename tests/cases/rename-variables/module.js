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
import d, { parse as A, format as N } from "./io.js";
import * as q from "./tools.js";

const F = 10;
let f = 0;
export const shown = F;
export { f as count, A as reader };
export default function e(Y) {
  f += q.size(N(A(Y)), F);
  return d(f);
}
