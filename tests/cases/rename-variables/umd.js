var Lib = (function () {
  var local = 1;
  return { get: function (key) { return local + key; } };
})();
if (typeof module !== 'undefined') module.exports = Lib;
// output
var Lib = (function () {
  var page_guest = 1;
  return { get: function (series_friend) { return page_guest + series_friend; } };
})();
if (typeof module !== 'undefined') module.exports = Lib;
