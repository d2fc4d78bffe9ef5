// run: [f(), g(), h(), i()].join()
function f() { return /* */ 1 }
function g() { return /**/ 1 }
function h() { return /*  why */ 1 }
function i() { return /* why */ 1 }
// output
function f() { return
1 }
function g() { return
1 }
function h() { return
1 }
function i() { return 1 }
