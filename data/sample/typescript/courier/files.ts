import * as fs from 'fs';
import * as path from 'path';

export interface FileInfo {
  path: string;
  size: number;
  modified: Date;
  isDirectory: boolean;
}

export type ReadCallback = (error: Error | null, text?: string) => void;

export function extensionOf(name: string): string {
  const index: number = name.lastIndexOf('.');
  return index > 0 ? name.slice(index + 1).toLowerCase() : '';
}

export function globToRegExp(pattern: string): RegExp {
  const source: string = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/?|\*|\?/g, (wildcard: string): string => {
      switch (wildcard) {
        case '*':
          return '[^/]*';
        case '?':
          return '[^/]';
        default:
          return '.*';
      }
    });
  return new RegExp(`^${source}$`);
}

export async function readJson<T>(file: string, defaultValue: T): Promise<T> {
  try {
    const text: string = await fs.promises.readFile(file, 'utf8');
    return JSON.parse(text) as T;
  } catch (error) {
    const code: string | undefined = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return defaultValue;
    throw error;
  }
}

/** Write beside and rename, so that nobody reads half a file. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  const temporary: string = `${file}.${process.pid}.tmp`;
  const text: string = JSON.stringify(value, null, 2) + '\n';
  await fs.promises.writeFile(temporary, text, 'utf8');
  await fs.promises.rename(temporary, file);
}

export async function describeFile(file: string): Promise<FileInfo> {
  const stats: fs.Stats = await fs.promises.stat(file);
  return { path: file, size: stats.size, modified: stats.mtime, isDirectory: stats.isDirectory() };
}

export async function listFiles(root: string, pattern: RegExp = /./): Promise<string[]> {
  const files: string[] = [];
  const entries: fs.Dirent[] = await fs.promises.readdir(root, { withFileTypes: true });
  for (const entry of entries) {
    const name: string = path.join(root, entry.name);
    if (entry.isDirectory()) {
      files.push(...(await listFiles(name, pattern)));
    } else if (pattern.test(entry.name)) {
      files.push(name);
    }
  }
  return files.sort();
}

export function readText(file: string, callback: ReadCallback): void {
  fs.readFile(file, (error: NodeJS.ErrnoException | null, data: Buffer): void => {
    if (error) {
      callback(error);
    } else {
      callback(null, data.toString('utf8').replace(/^\uFEFF/, ''));
    }
  });
}

export function formatSize(bytes: number): string {
  const units: string[] = ['B', 'kB', 'MB', 'GB'];
  let size: number = bytes;
  let index: number = 0;
  while (size >= 1000 && index < units.length - 1) {
    size /= 1000;
    index++;
  }
  return `${index === 0 ? size : size.toFixed(1)} ${units[index]}`;
}

export function watchFile(file: string, callback: (info: FileInfo) => void): () => void {
  const listener = (stats: fs.Stats): void => {
    callback({ path: file, size: stats.size, modified: stats.mtime, isDirectory: false });
  };
  fs.watchFile(file, { interval: 500 }, listener);
  return (): void => fs.unwatchFile(file, listener);
}
