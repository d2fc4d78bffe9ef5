// run: [0, 1, 4].map(f)
// run: closures()
// run: shadows()
// seed: 1
function f(n) {
  var log = [], i;
  for (i = 0; i < n; i++) log.push(i);
  for (let j = 0, k = n; j < k; j++, k--) { log.push(j * k); }
  for (var v = 3; v--; ) { if (v === 1) continue; log.push(v); }
  while (i > 0) { i--; if (i === 2) break; log.push("w"); i -= 0; }
  while (i < 3) i++;
  while (true) { if (i++ > 5) break; }
  for (;;) { if (n++ > 5) break; else continue; }
  do { log.push("d" + i); i-- } while (i > 4);
  do { let i = 1; if (log.length > 90) break; } while (--i);
  if (n) for (const c = { n }; c.n-- > 5; ) log.push(c.n); else for (; i < 2; ) i++;
  for ({ length: i } = log; i > 20; i--) ;
  for (var key = ("a" in {}) ? 1 : 2, z; !z; z = key) ;
  return log.concat(key, z).join();
}
function closures() {
  var fs = [];
  for (let i = 0; i < 3; i++) fs.push(() => i);
  for (let i = 0, g = () => i; i < 2; i++) fs.push(g);
  return fs.map(g => g());
}
function shadows() {
  let log = "";
  for (let i = 0; i < 2; i++) { let i = "x"; log += i; }
  for (let i = 0; i < 9; i++) { if (i % 2) continue; log += i; }
  outer: for (let i = 0; i < 3; i++) { for (;;) { if (i) continue outer; break; } log += i; }
  return log;
}
// output
function f(n) {
  var log = [], i;
  i = 0;
  while (i < n) {
    log.push(i);
    i++;
  }
  {
    let j = 0, k = n;
    while (j < k) {
      log.push(j * k);
      j++, k--;
    }
  }
  var v = 3;
  while (v--) {
    if (v === 1) continue; log.push(v); }
  for (; i > 0; i -= 0) {
    i--; if (i === 2) break; log.push("w");
  }
  for (; i < 3; ) i++;
  for (;;) { if (i++ > 5) break; }
  while (true) { if (n++ > 5) break; else continue; }
  for (;;) {
    log.push("d" + i); i--;
    if (!(i > 4)) break;
  }
  while (true) {
    { let i = 1; if (log.length > 90) break; }
    if (!--i) break;
  }
  if (n) {
    const c = { n };
    while (c.n-- > 5) {
      log.push(c.n);
    }
  } else while (i < 2) i++;
  ({ length: i } = log);
  while (i > 20) {
    ;
    i--;
  }
  var key = ("a" in {}) ? 1 : 2, z;
  while (!z) {
    ;
    z = key;
  }
  return log.concat(key, z).join();
}
function closures() {
  var fs = [];
  for (let i = 0; i < 3; i++) fs.push(() => i);
  for (let i = 0, g = () => i; i < 2; i++) fs.push(g);
  return fs.map(g => g());
}
function shadows() {
  let log = "";
  {
    let i = 0;
    while (i < 2) {
      { let i = "x"; log += i; }
      i++;
    }
  }
  for (let i = 0; i < 9; i++) { if (i % 2) continue; log += i; }
  outer: for (let i = 0; i < 3; i++) { while (true) { if (i) continue outer; break; } log += i; }
  return log;
}
