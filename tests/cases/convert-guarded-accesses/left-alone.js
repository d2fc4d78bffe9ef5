// level: plain_data
function f(a, c) {
  const b = a && a.b;
  if (a && a.length) return a && a.b();
  if (a && c.b) return a?.b;
  c && c(1);
  return (a && a[c]) || (c && c());
}
