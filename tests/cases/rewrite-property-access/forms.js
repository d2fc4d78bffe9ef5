// run: f({ a: { b: [1, 2] }, call(x) { return [this.a.b, x]; }, "c-d": 3, if: 4 })
// run: g({ m() { return this.n; }, n: 5 }, null)
// run: made()
function f(o) {
  const { length } = o.a.b, key = o["c-d"];
  o.a.sum = o["a"].b[0] + o.a['b']["1"];
  o.count = 0;
  o.count++;
  [o.first, o.rest] = [1, 2];
  delete o.gone;
  for (o.each of [7]) ;
  return [length, key, o["if"], o.call(o.a.sum), `${o.a.b.length}`, "x".length, 1..constructor === Number, typeof o.none];
}
function g(o, nothing) {
  return [o?.m(), nothing?.m.n.o(), nothing?.["m"], o?.n, (o?.m)(), (nothing?.a ?? o).n, o.m`x`, nothing?.a.b, o["m"]?.()];
}
function made() {
  const space = { Point: class { constructor(x) { this.x = x; } static of() { return new this(2); } }, make() { return { Kind: Date }; } };
  return [new space.Point(1).x, new (space.make()["Kind"])(0).getTime(), space["Point"].of().x];
}
// output
function f(o) {
  const { length } = o["a"]["b"], key = o["c-d"];
  o["a"]["sum"] = o.a["b"][0] + o["a"].b["1"];
  o["count"] = 0;
  o["count"]++;
  [o["first"], o["rest"]] = [1, 2];
  delete o["gone"];
  for (o["each"] of [7]) ;
  return [length, key, o["if"], o["call"](o["a"]["sum"]), `${o["a"]["b"]["length"]}`, "x"["length"], (1.)["constructor"] === Number, typeof o["none"]];
}
function g(o, nothing) {
  return [o?.m(), nothing?.m.n.o(), nothing?.m, o?.["n"], (o?.["m"])(), (nothing?.["a"] ?? o)["n"], o["m"]`x`, nothing?.a.b, o.m?.()];
}
function made() {
  const space = { Point: class { constructor(x) { this["x"] = x; } static of() { return new this(2); } }, make() { return { Kind: Date }; } };
  return [new (space["Point"])(1)["x"], new (space["make"]().Kind)(0)["getTime"](), space.Point["of"]()["x"]];
}
