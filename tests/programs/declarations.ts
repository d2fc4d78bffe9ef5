enum Color { Red, Green = 'g' as any, Blue = 4 }
const enum Flag { A = 1 << 0, B = A << 1, C = A | B }
declare const outside: number;
declare module 'x' { export function f(a: number): void; }
declare global { interface Window { q: number } }
declare function ext(a: string): void;
declare class Later { m(): void; }
namespace N { export const v = 3; export function up(k: number) { return k + v; } const hidden = 2; export namespace M { export let deep = hidden; } }
abstract class Base<T> { protected abstract run(v: T): T; constructor(protected v: T) {} go() { return this.run(this.v); } }
class Impl extends Base<number> { constructor(v: number) { super(v); } protected run(v: number) { return v + 1; } }
interface Shape { kind: string; area(): number }
type Fn = (a: number, b?: string) => void;
function over(a: string): string; function over(a: number): number; function over(a: any) { return a; }
function isS(x: unknown): x is string { return typeof x === 'string'; }
function assertS(x: unknown): asserts x is string { if (!isS(x)) throw new Error('no'); }
let t = <T,>(x: T): T => x;
export function main(this: any) { assertS('a'); const o = { a: 1 } satisfies Record<string, number>; return [Color.Blue, Flag.C, N.up(1), N.M.deep, new Impl(4).go(), over(1), isS(1), t(5)!, o.a as number]; }
