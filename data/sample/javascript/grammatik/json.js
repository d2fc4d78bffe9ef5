'use strict';

const ESCAPES = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', '/': '/' };

class JsonReader {
  constructor(text) {
    this.text = text;
    this.position = 0;
  }

  fail(message) {
    throw new Error(`${message} at ${this.position}`);
  }

  skipSpace() {
    while (/^[ \t\r\n]$/.test(this.text.charAt(this.position))) {
      this.position++;
    }
  }

  expect(token) {
    if (!this.text.startsWith(token, this.position)) {
      this.fail(`expected ${token}`);
    }
    this.position += token.length;
  }

  readValue() {
    this.skipSpace();
    const character = this.text[this.position];
    let value;
    switch (character) {
      case '{':
        value = this.readObject();
        break;
      case '[':
        value = this.readArray();
        break;
      case '"':
        value = this.readString();
        break;
      case 't':
        this.expect('true');
        value = true;
        break;
      case 'f':
        this.expect('false');
        value = false;
        break;
      case 'n':
        this.expect('null');
        value = null;
        break;
      default:
        value = this.readNumber();
    }
    this.skipSpace();
    return value;
  }

  readObject() {
    const object = {};
    this.expect('{');
    this.skipSpace();
    if (this.text[this.position] === '}') {
      this.position++;
      return object;
    }
    for (;;) {
      this.skipSpace();
      const key = this.readString();
      this.skipSpace();
      this.expect(':');
      object[key] = this.readValue();
      if (this.text[this.position] !== ',') break;
      this.position++;
    }
    this.expect('}');
    return object;
  }

  readArray() {
    const items = [];
    this.expect('[');
    this.skipSpace();
    if (this.text[this.position] === ']') {
      this.position++;
      return items;
    }
    do {
      items.push(this.readValue());
    } while (this.text[this.position] === ',' && ++this.position);
    this.expect(']');
    return items;
  }

  readString() {
    let result = '';
    this.expect('"');
    while (this.position < this.text.length) {
      const character = this.text[this.position++];
      if (character === '"') {
        return result;
      }
      result += character === '\\' ? this.readEscape() : character;
    }
    return this.fail('unterminated string');
  }

  readEscape() {
    const letter = this.text[this.position++];
    if (letter === 'u') {
      const digits = this.text.substr(this.position, 4);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) {
        this.fail('bad unicode escape');
      }
      this.position += 4;
      return String.fromCharCode(parseInt(digits, 16));
    }
    return ESCAPES[letter] ?? this.fail(`bad escape \\${letter}`);
  }

  readNumber() {
    const match = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/.exec(this.text.slice(this.position));
    if (match === null) {
      this.fail('expected a value');
    }
    this.position += match[0].length;
    return Number(match[0]);
  }
}

/**
 * Parse JSON text.
 *
 * @param {string} text
 * @returns {*} the value
 * @throws {Error} with the position of the first mistake
 */
function parseJson(text) {
  const reader = new JsonReader(text);
  const value = reader.readValue();
  if (reader.position < text.length) {
    reader.fail('unexpected text');
  }
  return value;
}

/**
 * Write a value as JSON with sorted keys, so that equal objects give equal texts.
 *
 * @param {*} value
 * @param {string} [indent=''] put before each level; without it everything is on one line
 * @returns {string}
 */
function stableStringify(value, indent = '') {
  const newline = indent ? '\n' : '';

  const write = (node, margin) => {
    if (node === null || typeof node !== 'object') {
      return JSON.stringify(node) ?? 'null';
    }
    const inner = margin + indent;
    const isArray = Array.isArray(node);
    const parts = isArray
      ? node.map(item => write(item, inner))
      : Object.keys(node)
          .filter(key => node[key] !== undefined)
          .sort()
          .map(key => `${JSON.stringify(key)}:${indent && ' '}${write(node[key], inner)}`);
    const [open, close] = isArray ? '[]' : '{}';
    if (parts.length === 0) {
      return open + close;
    }
    return open + newline + parts.map(part => (indent ? inner : '') + part).join(',' + newline) + newline + (indent ? margin : '') + close;
  };

  return write(value, '');
}

module.exports = { parseJson, stableStringify };
