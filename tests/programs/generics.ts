type Pair<A, B = A> = [first: A, second: B];
interface Store<K extends string, V> { readonly size: number; get(key: K): V | undefined; [extra: string]: unknown }
class MapStore<K extends string, V> implements Store<K, V> {
  [extra: string]: unknown;
  private readonly items = new Map<K, V>();
  static #made = 0;
  constructor(...entries: Pair<K, V>[]) {
    MapStore.#made++;
    for (const [key, value] of entries) this.items.set(key, value);
  }
  get size(): number { return this.items.size; }
  get(key: K): V | undefined { return this.items.get(key); }
  map<W>(change: (value: V, key: K) => W): MapStore<K, W> {
    const changed: Pair<K, W>[] = [];
    this.items.forEach((value, key) => { changed.push([key, change(value, key)]); });
    return new MapStore<K, W>(...changed);
  }
  static get made(): number { return MapStore.#made; }
}
function pick<T, K extends keyof T>(from: T, ...keys: K[]): Pick<T, K> {
  const picked = {} as Pick<T, K>;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    picked[key] = from[key];
  }
  return picked;
}
const sum = <T extends number>(list: readonly T[], start: number = 0): number => {
  let total = start;
  for (const item of list) { if (item < 0) continue; total += item; }
  return total;
};
function isPair(value: unknown): value is Pair<number> {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'number';
}
export function main(): unknown[] {
  const store = new MapStore<'a' | 'b', number>(['a', 1], ['b', 2]);
  const twice = store.map((value, key) => key + value * 2);
  const options = { depth: 3, name: 'x', deep: { list: [1, -2, 3] as const } } satisfies Record<string, unknown>;
  let result: string;
  if (isPair([1, 2]) && store.size > 1) { result = `${twice.get('a')}/${twice.get('b')}`; } else { result = 'none'; }
  return [result, pick(options, 'depth', 'name'), sum(options.deep.list), sum([4, 5], 1), MapStore.made, (store as { size: number }).size, twice['extra']];
}
