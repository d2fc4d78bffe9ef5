// run: f()
// run: eval("var n = 0; for (var i = 0; i < 3; i++) n = i * 2;")
for (var t = 0; t < 2; t++) t;
function f() {
  var n = 0, fs = [];
  a: while (n < 3) { n++; continue a; }
  for (let i = 0; i < 2; i++) { fs.push(() => i++); }
  do { if (n++ < 5) continue; n++; } while (n < 9);
  for (const x of [1]) n += x;
  for (var k in { a: 1 }) n += k;
  for (let j = 0; eval("j++") < 3; j++) n += j;
  for (; n < 99; n++) { if (n) continue; }
  return n + fs[0]() + fs[1]();
}
