interface Entry<V> {
  value: V;
  expires: number;
}

export interface CacheOptions {
  capacity?: number;
  maxAge?: number;
  now?: () => number;
}

/** Cache that forgets old entries, and those that were not used for longest. */
export class Cache<V> {
  private readonly entries: Map<string, Entry<V>> = new Map();
  private readonly capacity: number;
  private readonly maxAge: number;
  private readonly now: () => number;
  hits: number = 0;
  misses: number = 0;

  constructor(options: CacheOptions = {}) {
    this.capacity = options.capacity ?? 100;
    this.maxAge = options.maxAge ?? Infinity;
    this.now = options.now ?? Date.now;
  }

  get size(): number {
    return this.entries.size;
  }

  get hitRate(): number {
    const total: number = this.hits + this.misses;
    return total === 0 ? 0 : this.hits / total;
  }

  get(key: string): V | undefined {
    const entry: Entry<V> | undefined = this.entries.get(key);
    if (entry === undefined || entry.expires <= this.now()) {
      this.entries.delete(key);
      this.misses++;
      return undefined;
    }
    this.entries.delete(key);
    this.entries.set(key, entry);
    this.hits++;
    return entry.value;
  }

  set(key: string, value: V, maxAge: number = this.maxAge): this {
    this.entries.delete(key);
    this.entries.set(key, { value, expires: this.now() + maxAge });
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.capacity) break;
      this.entries.delete(oldest);
    }
    return this;
  }

  has(key: string): boolean {
    const entry: Entry<V> | undefined = this.entries.get(key);
    return entry !== undefined && entry.expires > this.now();
  }

  remove(key: string): boolean {
    return this.entries.delete(key);
  }

  keys(): string[] {
    return [...this.entries.keys()];
  }

  clear(): void {
    this.entries.clear();
  }

  async getOrLoad(key: string, load: (key: string) => Promise<V>): Promise<V> {
    const found: V | undefined = this.get(key);
    if (found !== undefined) {
      return found;
    }
    const value: V = await load(key);
    this.set(key, value);
    return value;
  }
}

export function memoize<R>(callback: (name: string) => R): (name: string) => R {
  const results: Map<string, R> = new Map();
  return (name: string): R => {
    if (!results.has(name)) {
      results.set(name, callback(name));
    }
    return results.get(name) as R;
  };
}
