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
  const uploadWidget = () => say(n) + say(1);
  function mergeThreshold() {
    return a * 2;
  }
  let a = uploadWidget(), b = mergeThreshold();
  function hideEnv() {
    return [a, b, ...[n]];
  }
  var list = hideEnv();
  const updatePartner = () => i < n + 1;
  for (var i = 0; updatePartner(); i++) { const takeTrack = () => `${i}:${list[i]}`; list.push(takeTrack()); }
  const generateDirection = () => n > 1 ? say(list) : !say(n);
  const submitDomain = () => [list[0] - 1];
  if (generateDirection()) { const createPlugin = () => -n; const c = createPlugin(); const scrollHandle = () => c * c; list.push(scrollHandle()); } else return submitDomain();
  function reduceTeam() {
    return n + 1;
  }
  const sendBody = () => 2 + 1;
  switch (reduceTeam()) { case sendBody(): const debugLeaf = () => list["len" + "gth"] + 1; list.push(debugLeaf()); }
  const compareArgument = () => n + 1;
  function groupOther() {
    return n * 2;
  }
  list[compareArgument()] += groupOther();
  const fetchCluster = () => n ? list : [];
  return fetchCluster();
}
class Late { constructor(n) { function searchResource() {
  return n * 2;
} const twice = searchResource(); function uploadReport() {
  return twice + 1;
} this.x = uploadReport(); } }
