// run: f(1)
// run: late
// run: loops()
"use strict"
1;
var late = 5;
function f(a) {
  var o = { get x() { late++; return 1; } };
  o.x;
  a + o;
  try { undeclared; } catch (e) { a = 2; }
  if (false) { var kept = 1; }
  var unused = o.x;
  if (0.0) a++;
  l: if (true) break l;
  return g;
  function g() { return kept; }
}
function loops() {
  do { if (late) continue; late = 1; } while (false);
  for (;;) { do { break; } while (false); if (late) break; }
  return late;
}
