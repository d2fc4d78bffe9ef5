import { ParseError, Token, Tokenizer, TokenStream } from './tokenizer';

export type Expression =
  | { kind: 'number'; value: number }
  | { kind: 'name'; name: string }
  | { kind: 'unary'; argument: Expression }
  | { kind: 'binary'; operator: string; left: Expression; right: Expression }
  | { kind: 'call'; name: string; args: Expression[] };

export type Variables = Record<string, number>;
type NumberFunction = (...values: number[]) => number;

const PRECEDENCE: Map<string, number> = new Map([
  ['+', 1],
  ['-', 1],
  ['*', 2],
  ['/', 2],
  ['^', 3],
]);

const FUNCTIONS: Record<string, NumberFunction> = { min: Math.min, max: Math.max, sqrt: Math.sqrt, abs: Math.abs };

const tokenizer: Tokenizer = new Tokenizer([
  { type: 'space', pattern: /\s+/, isSkipped: true },
  { type: 'number', pattern: /\d+(?:\.\d+)?/ },
  { type: 'name', pattern: /[a-z_]\w*/i },
  { type: 'operator', pattern: /[-+*/^(),]/ },
]);

export function parseExpression(text: string): Expression {
  const stream: TokenStream = new TokenStream(tokenizer.tokenize(text));
  const tree: Expression = parseBinary(stream, 1);
  if (!stream.isAtEnd) {
    const token: Token = stream.next();
    throw new ParseError(`unexpected ${token.value}`, token.start);
  }
  return tree;
}

function parseBinary(stream: TokenStream, minimum: number): Expression {
  let left: Expression = parsePrimary(stream);
  for (;;) {
    const operator: string = stream.peek()?.value ?? '';
    const precedence: number | undefined = PRECEDENCE.get(operator);
    if (precedence === undefined || precedence < minimum) {
      return left;
    }
    stream.next();
    const isRightAssociative: boolean = operator === '^';
    const right: Expression = parseBinary(stream, precedence + (isRightAssociative ? 0 : 1));
    left = { kind: 'binary', operator, left, right };
  }
}

function parsePrimary(stream: TokenStream): Expression {
  const token: Token = stream.next();
  switch (token.type) {
    case 'number':
      return { kind: 'number', value: Number(token.value) };
    case 'name':
      return stream.accept('(') ? { kind: 'call', name: token.value, args: parseArguments(stream) } : { kind: 'name', name: token.value };
    default:
      if (token.value === '-') {
        return { kind: 'unary', argument: parseBinary(stream, 3) };
      }
      if (token.value === '(') {
        const inner: Expression = parseBinary(stream, 1);
        if (!stream.accept(')')) throw new ParseError('expected )', stream.position);
        return inner;
      }
      throw new ParseError(`unexpected ${token.value}`, token.start);
  }
}

function parseArguments(stream: TokenStream): Expression[] {
  const args: Expression[] = [];
  if (stream.accept(')')) {
    return args;
  }
  do {
    args.push(parseBinary(stream, 1));
  } while (stream.accept(','));
  if (!stream.accept(')')) {
    throw new ParseError('expected )', stream.position);
  }
  return args;
}

export function evaluate(expression: Expression, variables: Variables = {}): number {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'name': {
      const value: number | undefined = variables[expression.name];
      if (value === undefined) throw new Error(`unknown variable ${expression.name}`);
      return value;
    }
    case 'unary':
      return -evaluate(expression.argument, variables);
    case 'call': {
      const callback: NumberFunction | undefined = FUNCTIONS[expression.name];
      if (callback === undefined) throw new Error(`unknown function ${expression.name}`);
      return callback(...expression.args.map((argument: Expression) => evaluate(argument, variables)));
    }
    case 'binary':
      return applyOperator(expression.operator, evaluate(expression.left, variables), evaluate(expression.right, variables));
  }
}

export function applyOperator(operator: string, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      if (right === 0) throw new RangeError('division by zero');
      return left / right;
    case '^':
      return left ** right;
    default:
      throw new Error(`unknown operator ${operator}`);
  }
}

export function namesIn(expression: Expression): Set<string> {
  const names: Set<string> = new Set();
  const visit = (node: Expression): void => {
    if (node.kind === 'name') names.add(node.name);
    else if (node.kind === 'unary') visit(node.argument);
    else if (node.kind === 'call') node.args.forEach(visit);
    else if (node.kind === 'binary') {
      visit(node.left);
      visit(node.right);
    }
  };
  visit(expression);
  return names;
}
