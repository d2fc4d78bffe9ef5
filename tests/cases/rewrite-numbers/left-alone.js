// run: f()
function f() {
  return [10n, 010, 1_000n, { 10: 'a', 0x10: 'b' }, 20..toString(), 089, 1_0n];
}
