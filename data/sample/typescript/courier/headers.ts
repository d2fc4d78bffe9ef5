export interface CookieOptions {
  maxAge?: number;
  path?: string;
  domain?: string;
  isSecure?: boolean;
  isHttpOnly?: boolean;
  expires?: Date;
}

export interface ByteRange {
  start: number;
  end: number;
}

export function parseCookies(header: string): Map<string, string> {
  const cookies: Map<string, string> = new Map();
  for (const part of header.split(';')) {
    const index: number = part.indexOf('=');
    if (index < 0) continue;
    const name: string = part.slice(0, index).trim();
    const value: string = part.slice(index + 1).trim();
    if (!cookies.has(name)) {
      cookies.set(name, safeDecode(value));
    }
  }
  return cookies;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function formatCookie(name: string, value: string, options: CookieOptions = {}): string {
  const parts: string[] = [`${name}=${encodeURIComponent(value)}`];
  if (options.maxAge !== undefined) parts.push(`Max-Age=${Math.floor(options.maxAge)}`);
  if (options.expires !== undefined) parts.push(`Expires=${options.expires.toUTCString()}`);
  if (options.domain !== undefined) parts.push(`Domain=${options.domain}`);
  parts.push(`Path=${options.path ?? '/'}`);
  if (options.isHttpOnly ?? true) parts.push('HttpOnly');
  if (options.isSecure) parts.push('Secure');
  return parts.join('; ');
}

export function parseRange(header: string, size: number): ByteRange | null {
  const match: RegExpExecArray | null = /^bytes=(\d*)-(\d*)$/.exec(header);
  if (match === null || match[0] === 'bytes=-') {
    return null;
  }
  const [, first, last]: string[] = match;
  const start: number = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end: number = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last));
  return start <= end ? { start, end } : null;
}

export function parseAccept(header: string): string[] {
  const entries: Array<{ type: string; quality: number }> = header.split(',').map((part: string) => {
    const [type, ...params]: string[] = part.split(';').map((text: string) => text.trim());
    const quality: string | undefined = params.find((param: string) => param.startsWith('q='));
    return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) };
  });
  return entries
    .filter((entry) => entry.type !== '' && entry.quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map((entry) => entry.type);
}

export function basicAuth(user: string, password: string): string {
  const token: string = Buffer.from(`${user}:${password}`, 'utf8').toString('base64');
  return `Basic ${token}`;
}

export function parseBasicAuth(header: string): { user: string; password: string } | null {
  const pattern: RegExp = /^Basic ([A-Za-z0-9+/=]+)$/;
  const match: RegExpMatchArray | null = header.match(pattern);
  if (match === null) {
    return null;
  }
  const text: string = Buffer.from(match[1], 'base64').toString('utf8');
  const index: number = text.indexOf(':');
  return index < 0 ? null : { user: text.slice(0, index), password: text.slice(index + 1) };
}

export function etag(body: Buffer, isWeak: boolean = false): string {
  let hash: number = 0x811c9dc5;
  for (const byte of body) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  const tag: string = `"${body.length.toString(16)}-${hash.toString(16)}"`;
  return isWeak ? `W/${tag}` : tag;
}

export function isFresh(modified: Date, header: string | undefined): boolean {
  if (header === undefined) return false;
  const time: number = Date.parse(header);
  return !Number.isNaN(time) && modified.getTime() <= time;
}
