const inc = (x) => x + 1;
with (inc) { length; }
