/** Messages on a wire: a type, a length and so many bytes. */

export interface Frame {
  type: number;
  payload: Buffer;
}

export type FrameCallback = (error: Error | null, frame?: Frame) => void;

const HEADER_SIZE: number = 5;

export function encodeFrame(frame: Frame): Buffer {
  const header: Buffer = Buffer.alloc(HEADER_SIZE);
  header.writeUInt8(frame.type, 0);
  header.writeUInt32BE(frame.payload.length, 1);
  return Buffer.concat([header, frame.payload]);
}

export class FrameDecoder {
  private buffer: Buffer = Buffer.alloc(0);
  private readonly maxLength: number;
  private readonly callback: FrameCallback;
  private hasFailed: boolean = false;

  constructor(maxLength: number, callback: FrameCallback) {
    this.maxLength = maxLength;
    this.callback = callback;
  }

  get pendingBytes(): number {
    return this.buffer.length;
  }

  write(chunk: Buffer): void {
    if (this.hasFailed) return;
    this.buffer = Buffer.concat([this.buffer, chunk]);
    let frame: Frame | null = this.next();
    while (frame !== null) {
      this.callback(null, frame);
      frame = this.next();
    }
  }

  end(): void {
    if (this.buffer.length > 0 && !this.hasFailed) {
      this.fail(new Error('unexpected end of data'));
    }
  }

  private next(): Frame | null {
    if (this.hasFailed || this.buffer.length < HEADER_SIZE) {
      return null;
    }
    const length: number = this.buffer.readUInt32BE(1);
    if (length > this.maxLength) {
      this.fail(new Error(`frame of ${length} bytes`));
      return null;
    }
    const end: number = HEADER_SIZE + length;
    if (this.buffer.length < end) {
      return null;
    }
    const frame: Frame = { type: this.buffer.readUInt8(0), payload: this.buffer.subarray(HEADER_SIZE, end) };
    this.buffer = this.buffer.subarray(end);
    return frame;
  }

  private fail(error: Error): void {
    this.hasFailed = true;
    this.callback(error);
  }
}

export function encodeVarint(value: number): Buffer {
  const bytes: number[] = [];
  while (value >= 128) {
    bytes.push((value % 128) | 128);
    value = Math.floor(value / 128);
  }
  bytes.push(value);
  return Buffer.from(bytes);
}

export function decodeVarint(buffer: Buffer, offset: number = 0): { value: number; length: number } {
  let value: number = 0;
  let factor: number = 1;
  for (let index: number = offset; index < buffer.length; index++) {
    const byte: number = buffer[index];
    value += (byte & 127) * factor;
    if (byte < 128) {
      return { value, length: index - offset + 1 };
    }
    factor *= 128;
  }
  throw new RangeError('unexpected end of bytes');
}

export function toHex(bytes: Uint8Array, separator: string = ''): string {
  return Array.from(bytes, (byte: number) => byte.toString(16).padStart(2, '0')).join(separator);
}

export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  let difference: number = 0;
  for (let index: number = 0; index < left.length; index++) {
    difference |= left[index] ^ right[index];
  }
  return difference === 0;
}

export function splitLines(buffer: Buffer, encoding: BufferEncoding = 'utf8'): string[] {
  const lines: string[] = buffer.toString(encoding).split(/\r?\n/);
  if (lines[lines.length - 1] === '') lines.pop();
  return lines;
}
