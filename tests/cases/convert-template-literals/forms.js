// run: f(1, "s")
// run: g(3)
// run: h({ toString: () => "s", valueOf: () => "v" })
function f(n, s) {
  const count = 2, kind = typeof n, text = `a${kind}\n${count}b\`\${}"${"x"}`;
  const sum = "a" + 1 + 2 + text, late = 1 + 2 + "a", mixed = (count + "`") + ("$" + "{x}") + true + null + undefined, tail = count + "px";
  return [text, sum, late, mixed, tail, `${count}${kind}`, `${count}`, `${kind}`, `${count}${count}!`, ``, `plain`, `line
two`, `${count > 1 ? "many" : "one"} ${(count, kind)}`, ("u" + "v").length, `\u{1F600}\\`];
}
function h(o) {
  return ["" + o, o + "x" + 1, "y" + ("z" + o), o + 1 + "w"];
}
function g(n) {
  let out = "";
  for (let i = 0; i < n; i++) out += "[" + i + "]" + `(${i * 2})`;
  return out + String.raw`\n${n}`;
}
// output
function f(n, s) {
  const count = 2, kind = typeof n, text = "a" + kind + "\n" + count + "b`${}\"" + "x";
  const sum = `a${1}${2}${text}`, late = `${1 + 2}a`, mixed = `${count}\`${`\${x}`}${true}${null}${undefined}`, tail = `${count}px`;
  return [text, sum, late, mixed, tail, count + kind, "" + count, "" + kind, "" + count + count + "!", "", "plain", "line\ntwo", (count > 1 ? "many" : `one`) + " " + (count, kind), (`uv`).length, "😀\\"];
}
function h(o) {
  return ["" + o, o + `x` + 1, `y${"z" + o}`, `${o + 1}w`];
}
function g(n) {
  let out = "";
  for (let i = 0; i < n; i++) out += `[${i}]${"(" + i * 2 + ")"}`;
  return out + String.raw`\n${n}`;
}
