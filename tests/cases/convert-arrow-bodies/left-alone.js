const nothing = () => {};
const bare = () => { return; };
const two = x => { x++; return x; };
const strict = () => { "use strict"; return this; };
