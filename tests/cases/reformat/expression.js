(a, b) => a +  b
// output
(a, b) => a + b
