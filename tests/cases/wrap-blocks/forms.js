// run: [0, 1, 2].map(f)
// run: new Sub(1).x
// run: eval("1; { 2; }")
// run: top
var top = 1;
{ top += 1; }
{ let own = top; top = own; }
function f(n) {
  "use strict";
  n++; var x = n;
  { { x += n; } {} }
  if (n > 2) { { return "big"; } }
  for (;;) { if (x) break; x--; }
  let y = x; y++;
  const z = y; return [x, y, z];
}
class Base { constructor(n) { this.n = n; } }
class Sub extends Base {
  static { { top = 5; } top++; }
  constructor(n) { super(n + 1); this.x = this.n; }
}
// output
{
  var top = 1;
{
  top += 1;
}
}
{ let own = top; {
  top = own;
} }
function f(n) {
  "use strict";
  {
    n++; {
    var x = n;
  }
  }
  {
    x += n;
  }
  {
    if (n > 2) { {
    return "big";
  } }
  }
  {
    for (;;) { {
    if (x) break;
  } {
    x--;
  } }
  }
  let y = x; {
    y++;
  }
  const z = y; {
    return [x, y, z];
  }
}
class Base { constructor(n) { {
  this.n = n;
} } }
class Sub extends Base {
  static { {
    top = 5;
  } {
    top++;
  } }
  constructor(n) { {
    super(n + 1);
  } {
    this.x = this.n;
  } }
}
