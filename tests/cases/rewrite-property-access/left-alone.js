// type: commonjs
class A extends B {
  #x = super.start;
  m() { return [this.#x, super["m"](), new.target, a?.b.c, a?.["b"]()]; }
}
module.exports = <space.Tag>{1["x"]}</space.Tag>;
exports.f = o["9"] + o["class"] + o["a b"] + o[key];
