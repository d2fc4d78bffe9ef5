'use strict';

/**
 * Shorten a text to a number of characters, ending in an ellipsis when something was cut.
 *
 * @param {string} text
 * @param {number} maxLength
 * @param {string} [ending='…']
 * @returns {string}
 */
function truncate(text, maxLength, ending = '…') {
  if (text.length <= maxLength) {
    return text;
  }
  const end = Math.max(0, maxLength - ending.length);
  return text.slice(0, end).trimEnd() + ending;
}

/**
 * Split an identifier into lower-case words: `parseHTTPHeader_v2` has parse, http, header and v2.
 *
 * @param {string} name
 * @returns {string[]}
 */
function splitWords(name) {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
    .map(word => word.toLowerCase());
}

/** @param {string} name */
function camelCase(name) {
  return splitWords(name)
    .map((word, index) => (index === 0 ? word : word[0].toUpperCase() + word.slice(1)))
    .join('');
}

/** @param {string} name */
function kebabCase(name) {
  return splitWords(name).join('-');
}

/**
 * Make a text usable as part of an address: lower case, no accents, words joined by hyphens.
 *
 * @param {string} title
 * @param {{separator?: string, maxLength?: number}} [options]
 * @returns {string}
 */
function slugify(title, { separator = '-', maxLength = 80 } = {}) {
  const words = title
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  if (!words) {
    return '';
  }
  let slug = words.shift();
  for (const word of words) {
    if (slug.length + separator.length + word.length > maxLength) {
      break;
    }
    slug += separator + word;
  }
  return slug;
}

/**
 * Replace `{name}` in a template by the values of an object.
 *
 * @param {string} template
 * @param {Object<string, *>} values
 * @returns {string} placeholders without a value are left as they are
 */
function interpolate(template, values) {
  return template.replace(/\{(\w+)\}/g, (placeholder, name) =>
    Object.prototype.hasOwnProperty.call(values, name) ? String(values[name]) : placeholder
  );
}

/**
 * Break a text into lines no longer than `width`, at spaces where that is possible.
 *
 * @param {string} text
 * @param {number} [width=80]
 * @returns {string[]} lines
 */
function wrapText(text, width = 80) {
  const lines = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  if (line) {
    lines.push(line);
  }
  return lines;
}

/**
 * Number of single-character edits that turn one string into the other.
 *
 * @param {string} source
 * @param {string} target
 * @returns {number}
 */
function editDistance(source, target) {
  let previous = Array.from({ length: target.length + 1 }, (_, index) => index);
  for (let row = 1; row <= source.length; row++) {
    const current = [row];
    for (let column = 1; column <= target.length; column++) {
      const cost = source[row - 1] === target[column - 1] ? 0 : 1;
      current[column] = Math.min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + cost);
    }
    previous = current;
  }
  return previous[target.length];
}

const HTML_ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text) {
  return String(text).replace(/[&<>"']/g, character => HTML_ESCAPES[character]);
}

/**
 * Template tag that escapes what is put in and leaves the literal parts alone.
 */
function html(strings, ...values) {
  return strings.raw.reduce((result, string, index) => result + escapeHtml(values[index - 1]) + string);
}

/**
 * Take the indentation that all lines share away from a block of text.
 *
 * @param {string} text
 */
function dedent(text) {
  const lines = text.replace(/^\n/, '').split('\n');
  const indents = lines.filter(line => line.trim() !== '').map(line => line.match(/^ */)[0].length);
  const shared = indents.length ? Math.min(...indents) : 0;
  return lines.map(line => line.slice(shared)).join('\n');
}

module.exports = {
  truncate,
  splitWords,
  camelCase,
  kebabCase,
  slugify,
  interpolate,
  wrapText,
  editDistance,
  escapeHtml,
  html,
  dedent,
};
