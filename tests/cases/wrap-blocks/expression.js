(a, b) => a + b
