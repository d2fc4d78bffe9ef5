// run: f()
// seed: 14
function f() {
  return ["hello world", 'a "quoted" part', "tab\tand\\", "😀 naïve", "\01x", "line\
break", "1\0" + 2, { "some key": "</script>" }];
}
// output
function f() {
  return ["hel\u006co world", 'a "quote\x64\u0022 part', "tab\tand\\", "\ud83d\ude00 na\u00efv\u0065", "\01x", "line\
br\u0065ak", "\x31\0" + 2, { "so\x6de key": "</script>" }];
}
