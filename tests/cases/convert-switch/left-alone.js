// run: [0, 1, 2, 3].map(f)
// run: [0, 1, 2].map(g)
// run: eval("switch (1) { case 1: 'one'; break; }")
var k = 1;
switch (k) { case 1: k = 2; break; default: k = 3; }
function f(n) {
  switch (n) { case 0: n = 5; case 1: n++; break; default: n--; }
  switch (n) { default: n++; break; case 6: n--; }
  switch (n) { case k: n = 1; break; }
  switch (n) { case 1: if (k) break; n = 2; break; }
  switch (n) { case 1: let x = n; break; case 99: x = 1; break; }
  l: switch (n) { case 1: break l; }
  switch (n) { default: k++; }
  return n;
}
function g(n) {
  for (;;) { if (n === 1) break; else if (n === 2) n = 1; else n++; }
  if (n === 1) n = 2; else n = 3;
  if (n === 1) n = 4; else if (k === 2) n = 5;
  if (n == 1) n = 4; else if (n == 2) n = 5;
  return n;
}
