'use strict';

/**
 * Parse text with separated values; quoted fields may hold separators, quotes (doubled) and newlines.
 *
 * @param {string} text
 * @param {string} [separator=',']
 * @returns {string[][]} rows of fields
 */
function parseCsv(text, separator = ',') {
  const rows = [];
  let row = [];
  let field = '';
  let isQuoted = false;

  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (isQuoted) {
      if (character !== '"') {
        field += character;
      } else if (text[index + 1] === '"') {
        field += '"';
        index++;
      } else {
        isQuoted = false;
      }
    } else if (character === '"' && field === '') {
      isQuoted = true;
    } else if (character === separator) {
      row.push(field);
      field = '';
    } else if (character === '\n') {
      row.push(field.replace(/\r$/, ''));
      rows.push(row);
      row = [];
      field = '';
    } else {
      field += character;
    }
  }
  if (field !== '' || row.length > 0) {
    row.push(field);
    rows.push(row);
  }
  return rows;
}

/**
 * Turn rows into objects, taking the first row for the names of the columns.
 *
 * @param {string[][]} rows
 * @returns {Object<string, string>[]}
 */
function rowsToRecords(rows) {
  const [header = [], ...body] = rows;
  return body.map(row => {
    const record = {};
    header.forEach((name, index) => {
      record[name] = row[index] ?? '';
    });
    return record;
  });
}

/**
 * Quote a field if it has to be.
 */
function quoteField(value, separator) {
  const text = value == null ? '' : String(value);
  const needsQuotes = text.includes(separator) || /["\r\n]/.test(text);
  return needsQuotes ? '"' + text.replace(/"/g, '""') + '"' : text;
}

/**
 * @param {Array<Array>} rows
 * @param {{separator?: string, newline?: string}} [options]
 * @returns {string}
 */
function formatCsv(rows, options = {}) {
  const { separator = ',', newline = '\n' } = options;
  return rows.map(row => row.map(value => quoteField(value, separator)).join(separator)).join(newline);
}

/**
 * Guess the separator of a file from its first line.
 *
 * @param {string} text
 * @returns {string} one of comma, semicolon, tab and bar
 */
function guessSeparator(text) {
  const line = text.split('\n', 1)[0];
  let best = ',';
  let bestCount = 0;
  for (const candidate of [',', ';', '\t', '|']) {
    const count = line.split(candidate).length - 1;
    if (count > bestCount) {
      best = candidate;
      bestCount = count;
    }
  }
  return best;
}

module.exports = { parseCsv, rowsToRecords, quoteField, formatCsv, guessSeparator };
