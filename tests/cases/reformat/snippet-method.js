// seed: 7
f(first) { if (first) { return [first] } }
// output
f(first) {
  if (first) {
    return [first];
  }
}
