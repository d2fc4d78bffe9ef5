export interface SlugOptions {
  separator?: string;
  maxLength?: number;
}

export function truncate(text: string, maxLength: number, ending: string = '…'): string {
  if (text.length <= maxLength) {
    return text;
  }
  const end: number = Math.max(0, maxLength - ending.length);
  return text.slice(0, end).trimEnd() + ending;
}

export function splitWords(name: string): string[] {
  const spaced: string = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2');
  return spaced.split(/[^A-Za-z0-9]+/).filter((word: string) => word !== '');
}

export function camelCase(name: string): string {
  const [first = '', ...rest]: string[] = splitWords(name).map((word: string) => word.toLowerCase());
  return first + rest.map(capitalize).join('');
}

export function snakeCase(name: string): string {
  return splitWords(name).join('_').toLowerCase();
}

export function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

export function slugify(title: string, options: SlugOptions = {}): string {
  const separator: string = options.separator ?? '-';
  const maxLength: number = options.maxLength ?? 80;
  const plain: string = title.normalize('NFD').replace(/[\u0300-\u036f]/g, '');
  const words: string[] = plain.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  let slug: string = '';
  for (const word of words) {
    const next: string = slug === '' ? word : slug + separator + word;
    if (next.length > maxLength) break;
    slug = next;
  }
  return slug;
}

/** Break a text at spaces into lines no longer than `width`. */
export function wrapText(text: string, width: number = 80): string[] {
  const lines: string[] = [];
  let line: string = '';
  for (const word of text.split(/\s+/)) {
    const isTooLong: boolean = line !== '' && line.length + 1 + word.length > width;
    if (isTooLong) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}

export function interpolate(template: string, values: Record<string, string | number>): string {
  return template.replace(/\{(\w+)\}/g, (placeholder: string, name: string): string => {
    const value: string | number | undefined = values[name];
    return value === undefined ? placeholder : String(value);
  });
}

export function editDistance(source: string, target: string): number {
  let previous: number[] = Array.from({ length: target.length + 1 }, (_value: unknown, index: number) => index);
  for (let row: number = 1; row <= source.length; row++) {
    const current: number[] = [row];
    for (let column: number = 1; column <= target.length; column++) {
      const cost: number = source[row - 1] === target[column - 1] ? 0 : 1;
      current[column] = Math.min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + cost);
    }
    previous = current;
  }
  return previous[target.length];
}

export function closest(word: string, candidates: string[], maxDistance: number = 3): string | null {
  let best: string | null = null;
  let bestDistance: number = maxDistance + 1;
  for (const candidate of candidates) {
    const distance: number = editDistance(word, candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

export function countMatches(text: string, pattern: RegExp): number {
  const flags: string = pattern.flags.includes('g') ? pattern.flags : pattern.flags + 'g';
  return (text.match(new RegExp(pattern.source, flags)) ?? []).length;
}

export function isPalindrome(text: string): boolean {
  const letters: string[] = [...text.toLowerCase()].filter((character: string) => /[a-z0-9]/.test(character));
  return letters.join('') === letters.reverse().join('');
}

export function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

export function highlight(text: string, query: string, open: string = '<b>', close: string = '</b>'): string {
  if (query === '') return text;
  const pattern: RegExp = new RegExp(escapeRegExp(query), 'gi');
  return text.replace(pattern, (match: string) => open + match + close);
}
