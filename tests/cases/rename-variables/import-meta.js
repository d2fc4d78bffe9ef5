const here = import.meta.url;
const text = await load(here);
// output
const M = import.meta.url;
const _ = await load(M);
