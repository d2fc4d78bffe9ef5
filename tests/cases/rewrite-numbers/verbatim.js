// run: f()
function f() {
  return [function (n) { return 10; } < {}, (function () { return 20; }).toString(), `${n => 30}`, (() => 40) + ""];
}
