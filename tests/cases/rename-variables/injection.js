// type: module
angular.module('app').controller('Main', function (Users, $scope) {
  var local = Users.all();
  $scope.users = local;
}).run(['$log', function (log) { log.info('a'); }]);
function Listed($http) { const made = $http; return made; }
export const plain = function ($el, $) { return $el + $; };
// output
angular.module('app').controller('Main', function (Users, $scope) {
  var J = Users.all();
  $scope.users = J;
}).run(['$log', function (log) { log.info('a'); }]);
function q($http) { const f = $http; return f; }
export const plain = function (V, n) { return V + n; };
