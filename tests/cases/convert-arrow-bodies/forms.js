// run: f(2)
// run: g()
// run: h(1)
const f = x => x + 1, g = () => ({ a: 1 }), h = async (x) => { return await x; }
const list = () => { return [1, 2] }
;[0];
const call = () => { return f }
;(1);
const nested = a => b => { return { a, b }; }, comma = () => { return 1, 2; }, self = () => { return function () { return this; } };
class A { x = () => { return this.y };
  ['y'] = () => this.x; }
for (const p = () => { return "a" in { a: 1 }; }; ;) { p(); break; }
const el = () => (
  // comment
  [nested(1)(2), comma()]
);
// output
const f = x => { return x + 1; }, g = () => { return { a: 1 }; }, h = async (x) => await x;
const list = () => [1, 2]
;[0];
const call = () => f
;(1);
const nested = a => { return b => ({ a, b }); }, comma = () => (1, 2), self = () => (function () { return this; });
class A { x = () => this.y;
  ['y'] = () => { return this.x; }; }
for (const p = () => ("a" in { a: 1 }); ;) { p(); break; }
const el = () => { return [nested(1)(2), comma()]; };
