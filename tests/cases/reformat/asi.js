// run: f(1)
// run: g([3, 1])
// seed: 1
var a = 1
var b = function () { return 2 }
;[a, b].forEach(function (x) { return x })
function f(x) {
  if (x) return x
  else if (a) { a++ } else --a
  do x--
  while (x > 0)
  for (;;) break
  return
  /* never */ x
}
const g = list => {
  const [first, ...rest] = list
  ;(rest || []).sort()
  return `${ first }:${rest .length}  ` + /[/]\/ /g.source + (first - -1) + (first + +1) + typeof first
}
// output
var a = 1
var b = function() {
	return 2
};
[a, b].forEach(function(x) {
	return x
})
function f(x) {
	if (x) return x;
	else if (a) {
		a++
	} else --a
	do x--;
	while (x > 0)
	for (;;) break
	return
	/* never */
	x
}
const g = list => {
	const [first, ...rest] = list;
	(rest || []).sort()
	return `${first}:${rest.length}  ` + /[/]\/ /g.source + (first - -1) + (first + +1) + typeof first
}
