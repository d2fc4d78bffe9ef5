/** Split items into pieces of at most `size`. */
export function chunk<T>(items: T[], size: number): T[][] {
  if (size < 1) {
    throw new RangeError('size must be at least 1');
  }
  const chunks: T[][] = [];
  for (let start = 0; start < items.length; start += size) {
    chunks.push(items.slice(start, start + size));
  }
  return chunks;
}

export function groupBy<T>(items: T[], getKey: (item: T) => string): Map<string, T[]> {
  const groups: Map<string, T[]> = new Map();
  for (const item of items) {
    const key: string = getKey(item);
    const group: T[] = groups.get(key) ?? [];
    group.push(item);
    groups.set(key, group);
  }
  return groups;
}

export function partition<T>(items: T[], predicate: (item: T) => boolean): [T[], T[]] {
  const passed: T[] = [];
  const failed: T[] = [];
  items.forEach((item: T) => (predicate(item) ? passed : failed).push(item));
  return [passed, failed];
}

/** Numbers from start up to, but not including, end. */
export function range(start: number, end: number, step: number = 1): number[] {
  const numbers: number[] = [];
  for (let value: number = start; value < end; value += step) {
    numbers.push(value);
  }
  return numbers;
}

export function unique(values: string[]): string[] {
  return [...new Set(values)];
}

export function sum(values: number[]): number {
  return values.reduce((total: number, value: number) => total + value, 0);
}

export function countWords(words: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) {
    counts[word] = (counts[word] ?? 0) + 1;
  }
  return counts;
}

/**
 * Find an item by its id.
 */
export function findById<T extends { id: string }>(items: T[], id: string): T | undefined {
  return items.find((item: T) => item.id === id);
}

export function isSorted(values: number[]): boolean {
  return values.every((value: number, index: number) => index === 0 || values[index - 1] <= value);
}

export function moveItem<T>(items: T[], from: number, to: number): T[] {
  const copy: T[] = items.slice();
  const [item] = copy.splice(from, 1);
  copy.splice(to, 0, item);
  return copy;
}

export function sortBy<T>(items: T[], getKey: (item: T) => number | string, isDescending: boolean = false): T[] {
  const sign: number = isDescending ? -1 : 1;
  return [...items].sort((left: T, right: T): number => {
    const a: number | string = getKey(left);
    const b: number | string = getKey(right);
    return a < b ? -sign : a > b ? sign : 0;
  });
}

export function zip<A, B>(left: A[], right: B[]): Array<[A, B]> {
  const length: number = Math.min(left.length, right.length);
  return range(0, length).map((index: number): [A, B] => [left[index], right[index]]);
}
