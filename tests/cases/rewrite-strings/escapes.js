// run: f()
// seed: 14
function f() {
  return ["hello world", 'a "quoted" part', "tab\tand\\", "😀 naïve", "\01x", "line\
break", "1\0" + 2, { "some key": "</script>" }];
}
// output
function f() {
  return ['hello world', "a \"quoted\" part", 'tab\tand\\', '😀 naïve', '\01x', 'line\
break', '1\0' + 2, { 'some key': '</script>' }];
}
