namespace Geometry {
  export interface Point { x: number; y: number }
  export const origin: Point = { x: 0, y: 0 };
  let made = 0;
  export function point(x: number, y = x): Point { made++; return { x, y }; }
  export function count(): number { return made; }
  export namespace Lines { export const length = (a: Point, b: Point = origin) => Math.hypot(a.x - b.x, a.y - b.y); }
}
import Lines = Geometry.Lines;
enum Level { Low = 1, Mid = Low * 2, High = 'abc'.length }
enum Names { First = 'first', Second = 'second' }
const enum Bits { None = 0, One = 1 << 0, Two = 1 << 1, Both = One | Two }
declare const BUILD: string | undefined;
declare global { interface Array<T> { never?: T } }
type Keys = keyof typeof Names;
const table: { [K in Keys]: number } = { First: Level.Low, Second: Level.High };
function assert(condition: unknown, message?: string): asserts condition { if (!condition) throw new Error(message ?? 'failed'); }
label: for (const level of [Level.Low, Level.Mid]) { if (level > Level.Low) break label; }
export { Geometry, table as lookup };
export default Names;
export function main() {
  const build = typeof BUILD === 'undefined' ? 'none' : BUILD;
  assert(table.First === 1);
  let message = '';
  try { assert(Level.Mid > 5, 'too low'); } catch (e) { message = (e as Error).message; }
  const p = Geometry.point(3, 4);
  return [Lines.length(p), Geometry.count(), Level[2], Level.High, Names.Second, Bits.Both, build, message, lookup(Level.Mid)];
}
function lookup(level: Level): string { switch (level) { case Level.Low: return 'low'; case Level.Mid: return 'mid'; default: return 'high'; } }
