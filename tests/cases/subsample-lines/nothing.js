// level: changed
"only a directive";
