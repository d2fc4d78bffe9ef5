'use strict';

class ParseError extends Error {
  constructor(message, position) {
    super(`${message} at ${position}`);
    this.name = 'ParseError';
    this.position = position;
  }
}

const isDigit = character => character >= '0' && character <= '9';
const isLetter = character => /^[\p{L}_$]$/u.test(character);
const isSpace = character => character === ' ' || character === '\t' || character === '\n' || character === '\r';

/**
 * Cuts a text into tokens by a table of named patterns.
 */
class Tokenizer {
  /**
   * @param {Object<string, RegExp>} rules - tried in order; those whose name starts with `_` are skipped
   */
  constructor(rules) {
    this.rules = Object.entries(rules).map(([type, pattern]) => ({
      type,
      pattern: new RegExp(pattern.source, 'y' + pattern.flags.replace(/[gy]/g, '')),
    }));
  }

  /**
   * @param {string} text
   * @returns {Array<{type: string, value: string, start: number, end: number}>}
   * @throws {ParseError} where no rule fits
   */
  tokenize(text) {
    const tokens = [];
    let position = 0;
    while (position < text.length) {
      const token = this.match(text, position);
      if (token === null) {
        throw new ParseError(`unexpected ${JSON.stringify(text[position])}`, position);
      }
      if (!token.type.startsWith('_')) {
        tokens.push(token);
      }
      position = token.end;
    }
    return tokens;
  }

  match(text, start) {
    for (const { type, pattern } of this.rules) {
      pattern.lastIndex = start;
      const match = pattern.exec(text);
      if (match && match[0] !== '') {
        return { type, value: match[0], start, end: pattern.lastIndex };
      }
    }
    return null;
  }
}

/**
 * Yield words, numbers and single other characters of a text, without white space.
 *
 * @param {string} text
 * @yields {string}
 */
function* scanWords(text) {
  let position = 0;
  while (position < text.length) {
    const start = position;
    const first = text[position++];
    if (isSpace(first)) {
      continue;
    }
    if (isDigit(first)) {
      while (position < text.length && isDigit(text[position])) position++;
    } else if (isLetter(first)) {
      while (position < text.length && (isLetter(text[position]) || isDigit(text[position]))) position++;
    }
    yield text.slice(start, position);
  }
}

/**
 * Line and column of an offset, both from 1.
 *
 * @param {string} text
 * @param {number} offset
 * @returns {{line: number, column: number}}
 */
function locate(text, offset) {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: before[before.length - 1].length + 1 };
}

module.exports = { ParseError, Tokenizer, scanWords, locate, isDigit, isLetter, isSpace };
