// run: [1, 2].map(f)
// run: log
// run: new Late(3).x
// seed: 3
var log = [];
function say(x) { log.push(x); return x; }
function f(n) {
  "use strict";
  let a = say(n) + say(1), b = a * 2;
  var list = [a, b, ...[n]];
  for (var i = 0; i < n + 1; i++) { list.push(`${i}:${list[i]}`); }
  if (n > 1 ? say(list) : !say(n)) { const c = -n; list.push(c * c); } else return [list[0] - 1];
  switch (n + 1) { case 2 + 1: list.push(list["len" + "gth"] + 1); }
  list[n + 1] += n * 2;
  return n ? list : [];
}
class Late { constructor(n) { const twice = n * 2; this.x = twice + 1; } }
// output
var log = [];
function say(x) { log.push(x); return x; }
function f(n) {
  "use strict";
  function flushBatch() {
    return say(n) + say(1);
  }
  function replaceConfig() {
    return a * 2;
  }
  let a = flushBatch(), b = replaceConfig();
  const assignTrack = () => [a, b, ...[n]];
  var list = assignTrack();
  const splitMeasure = () => i < n + 1;
  for (var i = 0; splitMeasure(); i++) { const packState = () => `${i}:${list[i]}`; list.push(packState()); }
  function packAddress() {
    return n > 1 ? say(list) : !say(n);
  }
  const selectCheck = () => [list[0] - 1];
  if (packAddress()) { const releasePattern = () => -n; const c = releasePattern(); const toggleBranch = () => c * c; list.push(toggleBranch()); } else return selectCheck();
  const shiftProperty = () => n + 1;
  function startOwner() {
    return 2 + 1;
  }
  switch (shiftProperty()) { case startOwner(): const assignBalance = () => list["len" + "gth"] + 1; list.push(assignBalance()); }
  const moveRegion = () => n + 1;
  function filterHandle() {
    return n * 2;
  }
  list[moveRegion()] += filterHandle();
  const mergeCustomer = () => n ? list : [];
  return mergeCustomer();
}
class Late { constructor(n) { function mapLevel() {
  return n * 2;
} const twice = mapLevel(); const saveCheck = () => twice + 1; this.x = saveCheck(); } }
