export interface Token {
  type: string;
  value: string;
  start: number;
  end: number;
}

export interface Rule {
  type: string;
  pattern: RegExp;
  isSkipped?: boolean;
}

export interface Location {
  line: number;
  column: number;
}

export class ParseError extends Error {
  readonly position: number;

  constructor(message: string, position: number) {
    super(`${message} at ${position}`);
    this.name = 'ParseError';
    this.position = position;
  }
}

export class Tokenizer {
  private readonly rules: Rule[];

  constructor(rules: Rule[]) {
    this.rules = rules.map((rule: Rule): Rule => ({ ...rule, pattern: sticky(rule.pattern) }));
  }

  tokenize(text: string): Token[] {
    const tokens: Token[] = [];
    let position: number = 0;
    while (position < text.length) {
      const found: [Rule, string] | null = this.match(text, position);
      if (found === null) {
        throw new ParseError(`unexpected ${JSON.stringify(text[position])}`, position);
      }
      const [rule, value] = found;
      const end: number = position + value.length;
      if (!rule.isSkipped) {
        tokens.push({ type: rule.type, value, start: position, end });
      }
      position = end;
    }
    return tokens;
  }

  private match(text: string, start: number): [Rule, string] | null {
    for (const rule of this.rules) {
      rule.pattern.lastIndex = start;
      const match: RegExpExecArray | null = rule.pattern.exec(text);
      if (match !== null && match[0].length > 0) {
        return [rule, match[0]];
      }
    }
    return null;
  }
}

function sticky(pattern: RegExp): RegExp {
  const flags: string = pattern.flags.replace(/[gy]/g, '') + 'y';
  return new RegExp(pattern.source, flags);
}

/** Reads tokens one by one. */
export class TokenStream {
  private index: number = 0;

  constructor(private readonly tokens: Token[]) {}

  get isAtEnd(): boolean {
    return this.index >= this.tokens.length;
  }

  peek(offset: number = 0): Token | null {
    return this.tokens[this.index + offset] ?? null;
  }

  next(): Token {
    const token: Token | null = this.peek();
    if (token === null) {
      throw new ParseError('unexpected end', this.position);
    }
    this.index++;
    return token;
  }

  accept(value: string): boolean {
    const isMatch: boolean = this.peek()?.value === value;
    if (isMatch) this.index++;
    return isMatch;
  }

  expect(type: string): Token {
    const token: Token = this.next();
    if (token.type !== type) {
      throw new ParseError(`expected ${type}`, token.start);
    }
    return token;
  }

  get position(): number {
    const last: Token | undefined = this.tokens[this.tokens.length - 1];
    return this.peek()?.start ?? last?.end ?? 0;
  }
}

export function locate(text: string, offset: number): Location {
  const lines: string[] = text.slice(0, offset).split('\n');
  const last: string = lines[lines.length - 1];
  return { line: lines.length, column: last.length + 1 };
}

export function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

export function isLetter(character: string): boolean {
  return /^[\p{L}_$]$/u.test(character);
}
