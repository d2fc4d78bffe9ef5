// run: f({ a: 1 }, "5")
function f(o, s) {
  o.a += 1; o["a"] = o["a"] + 1; o.a++;
  let t = s, u = t++, v = 1;
  t++; s = 1 + s; v = v + 1 + 1;
  const old = v++;
  with (o) { v += a; }
  return [o, s, t, u, v, old];
}
