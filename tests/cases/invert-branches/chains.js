// run: [0, 1, 2, 3, NaN, null, "1"].map(sign)
// run: [0, 1, 2, 5].map(dangling)
// run: [0, 1, 2].map(nested)
function sign(x) {
  if (x === 0) return "zero";
  else if (x != 1) {
    return "many";
  } else if (!x) return "none"; else {
    let y = x;
    return "one" + y;
  }
}
function dangling(n) {
  var log = "";
  if (n > 0)
    if (n > 1) log += "a";
    else log += "b";
  else
    for (;;) if (n < 9) break; else n++;
  if (n < 3) ; else log += "c";
  return log;
}
function nested(n) {
  if (n) while (n--) if (n === 1) return "in"; else continue; else if (!(n in [1])) return "neither";
  else return "other";
  return "end";
}
// output
function sign(x) {
  if (x !== 0) { if (x == 1) { if (x) {
    let y = x;
    return "one" + y;
  } else return "none"; } else {
    return "many";
  } } else return "zero";
}
function dangling(n) {
  var log = "";
  if (!(n > 0)) {
    for (;;) if (!(n < 9)) n++; else break; } else
    { if (!(n > 1)) log += "b"; else log += "a"; }
  if (!(n < 3)) log += "c"; else ;
  return log;
}
function nested(n) {
  if (!n) { if (n in [1]) return "other"; else return "neither"; } else while (n--) { if (n !== 1) continue; else return "in"; }
  return "end";
}
