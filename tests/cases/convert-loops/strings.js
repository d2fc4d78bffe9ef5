// run: [f(), g(), h()].join()
function f() { for ("use strict"; false;); return this === undefined; }
function g() { for (;false;) {} "use strict"; return this === undefined; }
const h = () => { for ("use strict"; false;) { f(); } try { undeclared = 1; return delete globalThis.undeclared; } catch (e) { return "strict"; } };
// output
function f() { ("use strict");
while (false) {
  ;
} return this === undefined; }
function g() { while (false) {} "use strict"; return this === undefined; }
const h = () => { ("use strict");
while (false) {
  f(); } try { undeclared = 1; return delete globalThis.undeclared; } catch (e) { return "strict"; } };
