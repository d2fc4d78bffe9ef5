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
  function refreshGap() {
    return say(n) + say(1);
  }
  function extractStream() {
    return a * 2;
  }
  let a = refreshGap(), b = extractStream();
  function lookupAge() {
    return [a, b, ...[n]];
  }
  var list = lookupAge();
  function initRegion() {
    return i < n + 1;
  }
  for (var i = 0; initRegion(); i++) { const serializeFilter = () => `${i}:${list[i]}`; list.push(serializeFilter()); }
  function sortPriority() {
    return n > 1 ? say(list) : !say(n);
  }
  const renderWidget = () => [list[0] - 1];
  if (sortPriority()) { const pickChain = () => -n; const c = pickChain(); const flushEncoding = () => c * c; list.push(flushEncoding()); } else return renderWidget();
  const transformSequence = () => n + 1;
  const collectCallback = () => 2 + 1;
  switch (transformSequence()) { case collectCallback(): const fetchDelay = () => list["len" + "gth"] + 1; list.push(fetchDelay()); }
  const compareChunk = () => n + 1;
  const incrementTimer = () => n * 2;
  list[compareChunk()] += incrementTimer();
  function splitReader() {
    return n ? list : [];
  }
  return splitReader();
}
class Late { constructor(n) { const mapTag = () => n * 2; const twice = mapTag(); const buildIssue = () => twice + 1; this.x = buildIssue(); } }
