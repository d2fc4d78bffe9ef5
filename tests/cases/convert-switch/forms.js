// run: [0, 1, 2, 3, 4, "1", NaN, -1].map(f)
// run: [0, 1, 2, "a", null, undefined, true].map(g)
// run: ["add", "sub", 3].map(h)
// run: calls
var calls = 0;
function f(n) {
  var log = "";
  switch (n) {
    case 0: log += "zero"; break;
    case 1: case 2: { let two = n; log += two; break; }
    case 3: return "three";
    case -1:
      for (;;) { if (log) break; log += "m"; }
      break;
    default: log += "many";
  }
  switch (calls++, n) { case 4: log += "four" }
  if (n) switch (n.x) { case undefined: log += "u"; break; case "y": throw n; }
  return log;
}
function g(n) {
  if (n === 0) return "zero";
  else if (1 === n || n === 2) { let x = n; n = x + 1; }
  else if ("a" === n) for (;;) { break; }
  else if (n === null) { n = []; n.push(1); }
  else if (n > 0) n = "more"; else n = [n];
  return n;
}
function h(n) {
  while (true) {
    switch (n) { case "add": n = 1; continue; case 1: return "added"; default: {} case2: return n; }
  }
}
// output
var calls = 0;
function f(n) {
  var log = "";
  if (n === 0) {
    log += "zero";
  } else if (n === 1 || n === 2) {
    let two = n; log += two;
  } else if (n === 3) {
    return "three";
  } else if (n === -1) {
      for (;;) { if (log) break; log += "m"; }
  } else {
    log += "many";
  }
  const attribute = (calls++, n);
  if (attribute === 4) {
    log += "four"
  }
  if (n) { const instance = n.x;
  if (instance === undefined) {
    log += "u";
  } else if (instance === "y") {
    throw n;
  } }
  return log;
}
function g(n) {
  switch (n) {
    case 0:
      return "zero";
    case 1:
    case 2:
      { let x = n; n = x + 1; }
      break;
    case "a":
      for (;;) { break; }
      break;
    case null:
      n = []; n.push(1);
      break;
    default:
      if (n > 0) n = "more"; else n = [n];
      break;
  }
  return n;
}
function h(n) {
  while (true) {
    if (n === "add") {
      n = 1; continue;
    } else if (n === 1) {
      return "added";
    } else {
      {} case2: return n;
    }
  }
}
