export type Task<T> = () => Promise<T>;

interface Pending {
  start: () => void;
  name: string;
}

export interface RetryOptions {
  attempts?: number;
  wait?: (attempt: number) => Promise<void>;
  isRetryable?: (error: Error) => boolean;
}

export class TimeoutError extends Error {
  constructor(readonly milliseconds: number) {
    super(`took more than ${milliseconds} ms`);
    this.name = 'TimeoutError';
  }
}

/** Runs asynchronous tasks, so many at a time. */
export class TaskQueue {
  private pending: Pending[] = [];
  private running: number = 0;
  private isClosed: boolean = false;

  constructor(private readonly limit: number = 1) {}

  get size(): number {
    return this.pending.length + this.running;
  }

  add<T>(name: string, task: Task<T>): Promise<T> {
    if (this.isClosed) {
      return Promise.reject(new Error('queue is closed'));
    }
    return new Promise<T>((resolve: (value: T) => void, reject: (reason: Error) => void): void => {
      const start = (): void => {
        this.running++;
        Promise.resolve()
          .then(task)
          .then(resolve, reject)
          .finally((): void => {
            this.running--;
            this.advance();
          });
      };
      this.pending.push({ start, name });
      this.advance();
    });
  }

  close(): string[] {
    this.isClosed = true;
    const names: string[] = this.pending.map((entry: Pending) => entry.name);
    this.pending = [];
    return names;
  }

  private advance(): void {
    while (this.running < this.limit && this.pending.length > 0) {
      const next: Pending = this.pending.shift()!;
      next.start();
    }
  }
}

export function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve: () => void) => setTimeout(resolve, milliseconds));
}

export async function withTimeout<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout: Promise<never> = new Promise((_resolve, reject: (error: Error) => void) => {
    timer = setTimeout(() => reject(new TimeoutError(milliseconds)), milliseconds);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

export async function retry<T>(task: (attempt: number) => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const attempts: number = options.attempts ?? 3;
  let lastError: Error = new Error('never tried');
  for (let attempt: number = 1; attempt <= attempts; attempt++) {
    try {
      return await task(attempt);
    } catch (error) {
      lastError = error as Error;
      const isFinal: boolean = options.isRetryable !== undefined && !options.isRetryable(lastError);
      if (isFinal) break;
      if (attempt < attempts) await options.wait?.(attempt);
    }
  }
  throw lastError;
}

export async function mapLimit<T, R>(items: T[], limit: number, callback: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next: number = 0;

  async function work(): Promise<void> {
    while (next < items.length) {
      const index: number = next++;
      results[index] = await callback(items[index], index);
    }
  }

  const workers: Promise<void>[] = Array.from({ length: Math.min(limit, items.length) }, work);
  await Promise.all(workers);
  return results;
}

export async function collect<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of iterable) {
    items.push(item);
  }
  return items;
}

export function debounce(callback: () => void, wait: number): () => void {
  let timer: NodeJS.Timeout | null = null;
  return (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(callback, wait);
  };
}
