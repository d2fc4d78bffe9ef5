// type: module
// seed: 4
const held = 1, other = 2;
export { held as default, other };
// output
const studentBase = 1, permission = 2;
export { studentBase as default, permission as other };
