// run: numbers(3)
// run: mixed("2", 3n)
// run: order()
// run: assigned(null)
function numbers(n) {
  let count = 0, total = 10, i;
  for (i = 0; i < n; i++) { count++; total -= 1; --total; }
  for (let j = n; j > 0; j -= 1) count += j;
  const last = ++count;
  const old = count++;
  total *= count + 1; total **= 2; total %= 1000; total <<= 1; total >>>= 1;
  return [count, total, last, old, i, (count += 1), (count = count - 2)];
}
function mixed(text, big) {
  let a = text, b = big;
  a++; b++;
  let c = text; c += 1;
  let d = text; d -= 1;
  b *= 2n;
  a = a + a; c = c + c + 1; b = b - (1n + 1n);
  return [a, b, c, d];
}
function order() {
  let x = 1;
  const change = () => { x = 10; return 1; };
  x += change();
  let y = 1;
  y = y + (y = 5, 2);
  return [x, y];
}
function assigned(n) {
  let a = n, b = 0, f;
  a ??= 1; b ||= 2; a &&= b + 1; f ??= () => {};
  return [a, b, !!f.name];
}
// output
function numbers(n) {
  let count = 0, total = 10, i;
  for (i = 0; i < n; i += 1) { count++; total--; total = total - 1; }
  for (let j = n; j > 0; j = j - 1) count = count + j;
  const last = ++count;
  const old = count++;
  total = total * (count + 1); total = total ** 2; total = total % 1000; total = total << 1; total = total >>> 1;
  return [count, total, last, old, i, (count = count + 1), (count -= 2)];
}
function mixed(text, big) {
  let a = text, b = big;
  a++; b++;
  let c = text; c = c + 1;
  let d = text; d = d - 1;
  b = b * 2n;
  a += a; c = c + c + 1; b -= 1n + 1n;
  return [a, b, c, d];
}
function order() {
  let x = 1;
  const change = () => { x = 10; return 1; };
  x = x + change();
  let y = 1;
  y += (y = 5, 2);
  return [x, y];
}
function assigned(n) {
  let a = n, b = 0, f;
  a ?? (a = 1); b || (b = 2); a && (a = b + 1); f ?? (f = () => {});
  return [a, b, !!f.name];
}
