// run: [0, 1, 2, 3, 7].map(f)
// run: g([1, 2, 3])
function f(n) {
  var log = [];
  if (n > 1) { if (n > 2) { log.push("a"); } } else { log.push("b"); }
  if (n) for (var i = 0; i < n; i++) { if (i % 2) log.push(i); } else log.push("none");
  do { n--; } while (n > 0)
  while (n < 3) n++;
  for (;;) { if (n > 5) break; else { n += 2 } }
  // a comment
  if (n)
    // why
    return log.concat(n);
  else if (log) { return 1 }
}
function g(list) {
  for (const item of list) { if (item == 2) { continue; } list.last = item; }
  for (var key in list) var seen = key;
  if (list) { const x = 1; } else { function inner() {} }
  for (let i = 0; i < 2; i++) { let j = i; }
  return seen + list.last;
}
// output
function f(n) {
  var log = [];
  if (n > 1) { if (n > 2) log.push("a"); } else log.push("b");
  if (n) { for (var i = 0; i < n; i++) { if (i % 2) { log.push(i); } } } else { log.push("none"); }
  do n--; while (n > 0)
  while (n < 3) { n++; }
  for (;;) if (n > 5) { break; } else n += 2;
  // a comment
  if (n)
    // why
    { return log.concat(n); }
  else { if (log) return 1 }
}
function g(list) {
  for (const item of list) { if (item == 2) continue; list.last = item; }
  for (var key in list) { var seen = key; }
  if (list) { const x = 1; } else { function inner() {} }
  for (let i = 0; i < 2; i++) { let j = i; }
  return seen + list.last;
}
