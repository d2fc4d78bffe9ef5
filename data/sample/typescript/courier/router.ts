import { IncomingMessage, ServerResponse } from 'http';

export type Params = Record<string, string>;
export type Next = (error?: Error) => void;
export type Handler = (req: IncomingMessage, res: ServerResponse, params: Params, next: Next) => void;

interface Route {
  method: string;
  pattern: RegExp;
  names: string[];
  handler: Handler;
}

export interface Match {
  handler: Handler;
  params: Params;
}

export function compilePath(path: string): { pattern: RegExp; names: string[] } {
  const names: string[] = [];
  const source: string = path
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:(\w+)/g, (_match: string, name: string): string => {
      names.push(name);
      return '([^/]+)';
    });
  return { pattern: new RegExp(`^${source}/?$`), names };
}

export class Router {
  private readonly routes: Route[] = [];
  private readonly prefix: string;

  constructor(prefix: string = '') {
    this.prefix = prefix;
  }

  add(method: string, path: string, handler: Handler): this {
    const { pattern, names } = compilePath(this.prefix + path);
    this.routes.push({ method, pattern, names, handler });
    return this;
  }

  get(path: string, handler: Handler): this {
    return this.add('GET', path, handler);
  }

  post(path: string, handler: Handler): this {
    return this.add('POST', path, handler);
  }

  match(method: string, url: string): Match | null {
    const path: string = url.split('?', 1)[0];
    for (const route of this.routes) {
      const found: RegExpExecArray | null = route.method === method ? route.pattern.exec(path) : null;
      if (found !== null) {
        const params: Params = {};
        route.names.forEach((name: string, index: number): void => {
          params[name] = decodeURIComponent(found[index + 1]);
        });
        return { handler: route.handler, params };
      }
    }
    return null;
  }

  handle(req: IncomingMessage, res: ServerResponse, next: Next): void {
    try {
      const match: Match | null = this.match(req.method ?? 'GET', req.url ?? '/');
      if (match === null) {
        next();
      } else {
        match.handler(req, res, match.params, next);
      }
    } catch (error) {
      next(error as Error);
    }
  }
}

export function readBody(req: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve: (body: Buffer) => void, reject: (error: Error) => void): void => {
    const chunks: Buffer[] = [];
    let length: number = 0;
    req.on('data', (chunk: Buffer): void => {
      length += chunk.length;
      if (length > limit) {
        req.destroy(new Error('body too large'));
      } else {
        chunks.push(chunk);
      }
    });
    req.on('end', (): void => resolve(Buffer.concat(chunks)));
    req.on('error', reject);
  });
}

export function sendJson(res: ServerResponse, status: number, data: unknown): void {
  const body: string = JSON.stringify(data);
  res.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
  res.end(body);
}

export function redirect(res: ServerResponse, location: string, isPermanent: boolean = false): void {
  res.writeHead(isPermanent ? 301 : 302, { Location: location });
  res.end();
}
