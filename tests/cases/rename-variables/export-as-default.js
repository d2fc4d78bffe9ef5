// type: module
// seed: 4
const held = 1, other = 2;
export { held as default, other };
// output
const author_snapshot = 1, selection = 2;
export { author_snapshot as default, selection as other };
