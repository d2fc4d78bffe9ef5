// run: [f(), g(), h(), i(), j(), k()].join()
function f() { if (false) f(1); "use strict"; return this === undefined; }
function g() { if (true) "use strict"; return this === undefined; }
function h() { do "use strict"; while (false); return this === undefined; }
function i() { {} "use strict"; return this === undefined; }
function j() { { var unused; } "use strict"; return this === undefined; }
function k() { "other"; ; "use strict"; return this === undefined; }
// output
function f() { ("use strict"); return this === undefined; }
function g() { ("use strict"); return this === undefined; }
function h() { ("use strict"); return this === undefined; }
function i() { {} "use strict"; return this === undefined; }
function j() { { } "use strict"; return this === undefined; }
function k() { "other"; ; "use strict"; return this === undefined; }
