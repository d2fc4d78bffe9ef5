const log: string[] = [];
function open(name: string) { log.push('open ' + name); return { x: name, [Symbol.dispose]() { log.push('close ' + name); } }; }
(Symbol as any).dispose ??= Symbol('dispose');
function f() { using a = open('a'); return a.x; }
function g() { using a = open('a'), b = open('b'); log.push(b.x); return a.x; }
async function h() { await using a = open('h'); for (using b of [open('q')]) log.push(b.x); return a.x; }
export function main() { return h().then(v => [f(), g(), v, log]); }
