var Lib = (function () {
  var local = 1;
  return { get: function (key) { return local + key; } };
})();
if (typeof module !== 'undefined') module.exports = Lib;
// output
var Lib = (function () {
  var right = 1;
  return { get: function (enumerator) { return right + enumerator; } };
})();
if (typeof module !== 'undefined') module.exports = Lib;
