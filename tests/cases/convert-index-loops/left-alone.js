// level: plain_data
function f(a, b, s) {
  for (let i = 0; i < a.length; i++) a[i] = 0;
  for (let i = 0; i < a.length; i++) { if (a[i]) a.push(1); }
  for (let i = 0; i < a.length; i++) b(a[i], i);
  for (let i = 0; i < a.length; i++) a[i]();
  for (let i = 0; i < s.length; i++) b(s[i], s.charAt(0));
  for (let i = 0; i < a.length; i++) b(() => a[i]);
  for (let i = 1; i < a.length; i++) b(a[i]);
  for (let i = 0; i <= a.length; i++) b(a[i]);
  for (let i = 0; i < a.length; i += 2) b(a[i]);
  for (let i = 0; i < a.length; i++) { b(a[i]); i++; }
  for (let i = 0; i < arguments.length; i++) b(arguments[i]);
  for (let i = 0; i < a.length; i++) b(a[i], a);
  for (var j = 0; j < a.length; j++) b(a[j]);
  for (const x of a) a.push(x);
  for (const x of b()) b(x);
  outer: for (const x of a) continue outer;
  return j;
}
