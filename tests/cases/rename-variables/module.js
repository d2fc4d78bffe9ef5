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
import chartSeries, { parse as categoryFooter, format as filterCalendar } from "./io.js";
import * as check from "./tools.js";

const chunk = 10;
let diffSuffix = 0;
export const shown = chunk;
export { diffSuffix as count, categoryFooter as reader };
export default function storeDistance(sessionRole) {
  diffSuffix += check.size(filterCalendar(categoryFooter(sessionRole)), chunk);
  return chartSeries(diffSuffix);
}
