const seen: any[] = [];
function dec(...args: any[]) { seen.push(args.length, args[1]); }
function named(n: string) { return (t: any, k?: any, d?: any) => { seen.push(n + ':' + typeof t); }; }
@named('cls') class A { @named('f') field = 1; @dec m(@dec a: number, b: string) { return a + b; } constructor(private readonly s: string) {} static q = 1; get s2() { return this.s; } }
export function main() { return [seen, new A('x').s2, new A('y').m(1, 'z')]; }
