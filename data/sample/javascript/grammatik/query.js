'use strict';

/**
 * Parse the query of an address; a name that occurs twice gives an array.
 *
 * @param {string} query with or without the question mark
 * @returns {Object<string, string|string[]>}
 */
function parseQuery(query) {
  const params = {};
  const text = query.charAt(0) === '?' ? query.slice(1) : query;
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    if (!Object.prototype.hasOwnProperty.call(params, name)) {
      params[name] = value;
    } else if (Array.isArray(params[name])) {
      params[name].push(value);
    } else {
      params[name] = [params[name], value];
    }
  }
  return params;
}

function decode(text) {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch (error) {
    return text;
  }
}

/**
 * Write an object as a query; null and undefined are left out.
 *
 * @param {Object} params
 * @returns {string}
 */
function formatQuery(params) {
  const pairs = [];
  for (const name in params) {
    const values = Array.isArray(params[name]) ? params[name] : [params[name]];
    for (const value of values) {
      if (value !== null && value !== undefined) {
        pairs.push(encodeURIComponent(name) + '=' + encodeURIComponent(value));
      }
    }
  }
  return pairs.join('&');
}

/**
 * Take an address apart.
 *
 * @param {string} url
 * @returns {{protocol: string, host: string, port: ?number, path: string, query: Object, hash: string}|null}
 */
function parseUrl(url) {
  const match = /^(?:([a-z][a-z0-9+.-]*):)?\/\/([^/:?#]*)(?::(\d+))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/i.exec(url);
  if (!match) {
    return null;
  }
  const [, protocol = '', host, port, path, query = '', hash = ''] = match;
  return { protocol, host, port: port ? Number(port) : null, path: path || '/', query: parseQuery(query), hash };
}

/**
 * Resolve `.` and `..` in a path. Leading `..` of an absolute path are dropped.
 *
 * @param {string} path
 * @returns {string}
 */
function normalizePath(path) {
  const isAbsolute = path.startsWith('/');
  const parts = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts[parts.length - 1] !== '..') {
      parts.pop();
    } else if (part !== '..' || !isAbsolute) {
      parts.push(part);
    }
  }
  return (isAbsolute ? '/' : '') + parts.join('/') || '.';
}

module.exports = { parseQuery, formatQuery, parseUrl, normalizePath };
