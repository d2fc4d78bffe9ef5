const here = import.meta.url;
const text = await load(here);
// output
const filter = import.meta.url;
const sortGap = await load(filter);
