// type: module
angular.module('app').controller('Main', function (Users, $scope) {
  var local = Users.all();
  $scope.users = local;
}).run(['$log', function (log) { log.info('a'); }]);
function Listed($http) { const made = $http; return made; }
export const plain = function ($el, $) { return $el + $; };
// output
angular.module('app').controller('Main', function (Users, $scope) {
  var photo = Users.all();
  $scope.users = photo;
}).run(['$log', function (log) { log.info('a'); }]);
function resolveCluster($http) { const stack = $http; return stack; }
export const plain = function (fractionMap, depthAnimation) { return fractionMap + depthAnimation; };
