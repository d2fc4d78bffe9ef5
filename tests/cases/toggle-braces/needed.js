// run: [f(1), f(0)]
function f(a) {
  l: { if (a) { let b; } else { b(); break l; } }
  while (a--) { }
  for (;;) { const c = 1; break; }
  try { a++ } catch { } finally { a++ }
  with ({}) { a++; }
  function b() {}
  return a;
}
