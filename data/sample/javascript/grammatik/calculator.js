'use strict';

const PRECEDENCE = { '+': 1, '-': 1, '*': 2, '/': 2, '%': 2, '^': 3 };
const FUNCTIONS = {
  abs: Math.abs,
  sqrt: Math.sqrt,
  min: Math.min,
  max: Math.max,
  round: Math.round,
};

/**
 * Cut an expression into numbers, names and operators.
 *
 * @param {string} expression
 * @returns {string[]}
 */
function lex(expression) {
  const tokens = expression.match(/\d+(?:\.\d+)?|[a-z]+|[-+*/%^(),]|\S/gi) || [];
  const unknown = tokens.find(token => !/^(?:[\d.]+|[a-z]+|[-+*/%^(),])$/i.test(token));
  if (unknown !== undefined) {
    throw new Error(`unknown character ${unknown}`);
  }
  return tokens;
}

/**
 * Precedence-climbing parser for arithmetic.
 *
 * @param {string} expression
 * @returns {Object} a tree of nodes with `type` number, name, unary, binary or call
 */
function parseExpression(expression) {
  const tokens = lex(expression);
  let position = 0;

  const peek = () => tokens[position];
  const next = () => tokens[position++];

  function expect(token) {
    if (next() !== token) {
      throw new Error(`expected ${token}`);
    }
  }

  function parsePrimary() {
    const token = next();
    if (token === undefined) {
      throw new Error('unexpected end');
    }
    if (/^\d/.test(token)) {
      return { type: 'number', value: Number(token) };
    }
    if (token === '-') {
      return { type: 'unary', argument: parseBinary(PRECEDENCE['^']) };
    }
    if (token === '(') {
      const node = parseBinary(1);
      expect(')');
      return node;
    }
    if (!/^[a-z]/i.test(token)) {
      throw new Error(`unexpected ${token}`);
    }
    return peek() === '(' ? parseCall(token) : { type: 'name', name: token };
  }

  function parseCall(name) {
    const args = [];
    expect('(');
    while (peek() !== ')') {
      args.push(parseBinary(1));
      if (peek() === ',') next();
      else break;
    }
    expect(')');
    return { type: 'call', name, args };
  }

  function parseBinary(minimum) {
    let left = parsePrimary();
    while (PRECEDENCE[peek()] >= minimum) {
      const operator = next();
      const isRightAssociative = operator === '^';
      const right = parseBinary(PRECEDENCE[operator] + (isRightAssociative ? 0 : 1));
      left = { type: 'binary', operator, left, right };
    }
    return left;
  }

  const tree = parseBinary(1);
  if (position < tokens.length) {
    throw new Error(`unexpected ${peek()}`);
  }
  return tree;
}

/**
 * Value of a parsed expression.
 *
 * @param {Object} node
 * @param {Object<string, number>} variables
 * @returns {number}
 */
function evaluateNode(node, variables) {
  switch (node.type) {
    case 'number':
      return node.value;
    case 'name':
      if (!Object.prototype.hasOwnProperty.call(variables, node.name)) {
        throw new Error(`unknown variable ${node.name}`);
      }
      return variables[node.name];
    case 'unary':
      return -evaluateNode(node.argument, variables);
    case 'call': {
      const callback = FUNCTIONS[node.name];
      if (!callback) {
        throw new Error(`unknown function ${node.name}`);
      }
      return callback(...node.args.map(argument => evaluateNode(argument, variables)));
    }
    default:
      return applyOperator(node.operator, evaluateNode(node.left, variables), evaluateNode(node.right, variables));
  }
}

function applyOperator(operator, left, right) {
  switch (operator) {
    case '+': return left + right;
    case '-': return left - right;
    case '*': return left * right;
    case '%': return left % right;
    case '^': return Math.pow(left, right);
    case '/':
      if (right === 0) {
        throw new Error('division by zero');
      }
      return left / right;
    default:
      throw new Error(`unknown operator ${operator}`);
  }
}

/**
 * Work out an arithmetic expression.
 *
 * @param {string} expression such as `2 * (width + 1)`
 * @param {Object<string, number>} [variables]
 * @returns {number}
 */
const evaluate = (expression, variables = {}) => evaluateNode(parseExpression(expression), variables);

module.exports = { lex, parseExpression, evaluateNode, applyOperator, evaluate };
