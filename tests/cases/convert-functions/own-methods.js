// run: run()
const registry = { map(C) { return new C(); }, sort(C) { return C.prototype; } };
function run() {
  const made = registry.map(function () { return {}; });
  return [typeof made, typeof registry.sort(function (a) { return a; })];
}
