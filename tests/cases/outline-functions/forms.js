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
  function normalizeMerge() {
    return say(n) + say(1);
  }
  const searchFlow = () => a * 2;
  let a = normalizeMerge(), b = searchFlow();
  function addList() {
    return [a, b, ...[n]];
  }
  var list = addList();
  const trackCopy = () => i < n + 1;
  for (var i = 0; trackCopy(); i++) { const groupRate = () => `${i}:${list[i]}`; list.push(groupRate()); }
  function copyPointer() {
    return n > 1 ? say(list) : !say(n);
  }
  function receiveWorker() {
    return [list[0] - 1];
  }
  if (copyPointer()) { const clonePlayer = () => -n; const c = clonePlayer(); const renderStream = () => c * c; list.push(renderStream()); } else return receiveWorker();
  const renderRegion = () => n + 1;
  function readIssue() {
    return 2 + 1;
  }
  switch (renderRegion()) { case readIssue(): const notifyInner = () => list["len" + "gth"] + 1; list.push(notifyInner()); }
  const detectImage = () => n + 1;
  const changeSlot = () => n * 2;
  list[detectImage()] += changeSlot();
  function prepareMemory() {
    return n ? list : [];
  }
  return prepareMemory();
}
class Late { constructor(n) { function normalizePartner() {
  return n * 2;
} const twice = normalizePartner(); const releaseLocal = () => twice + 1; this.x = releaseLocal(); } }
