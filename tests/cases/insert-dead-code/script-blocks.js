// run: Object.keys(globalThis).length
// run: (0, eval)("l: { 3; { break l; } }")
var seen = 1;
if (seen) { seen += 1; }
l: { seen; { break l; } }
try { seen(); } catch (error) { seen = 2; }
