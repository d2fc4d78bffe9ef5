function f(n) { n++; return n; }
