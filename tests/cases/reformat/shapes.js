// run: make().total
// seed: 4
"use strict";
function make() {
  return {
    list: [1, , 2], "quo'ted": 'x"y', plain: "p",
    get total() { switch (this.list.length) { case 3: { return 3 } case 4: break; default: return -1 } return 0 },
    async *gen() { yield 1; for await (const x of []) ; },
    [`k${1}`]: class A extends Object { static x = 1; #y; static { } m() { label: for (const i in {}) continue label } },
  };
}
// output
"use strict";
function make() {
  return {
    list: [1,, 2],
    "quo'ted": 'x"y',
    plain: 'p',
    get total() {
      switch (this.list.length) {
        case 3:
          {
            return 3;
          }
        case 4:
          break;
        default:
          return -1;
      }
      return 0;
    },
    async *gen() {
      yield 1;
      for await (const x of []);
    },
    [`k${1}`]: class A extends Object {
      static x = 1;
      #y;
      static {}
      m() {
        label: for (const i in {}) continue label;
      }
    },
  };
}
