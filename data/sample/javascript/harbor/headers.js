'use strict';

function decodeValue(value) {
    try {
        return decodeURIComponent(value);
    } catch {
        return value;
    }
}

/**
 * Parse the Cookie header of a request.
 *
 * @param {string} header
 * @returns {Object<string, string>}
 */
function parseCookies(header) {
    const cookies = Object.create(null);
    for (const part of (header || '').split(';')) {
        const index = part.indexOf('=');
        if (index < 0) {
            continue;
        }
        const name = part.slice(0, index).trim();
        const value = part.slice(index + 1).trim().replace(/^"(.*)"$/, '$1');
        if (!(name in cookies)) {
            cookies[name] = decodeValue(value);
        }
    }
    return cookies;
}

/**
 * Write a Set-Cookie header.
 *
 * @param {string} name
 * @param {string} value
 * @param {{maxAge?: number, path?: string, domain?: string, isSecure?: boolean, isHttpOnly?: boolean, sameSite?: string}} [options]
 * @returns {string}
 */
function formatCookie(name, value, options = {}) {
    if (!/^[\w!#$%&'*.^`|~+-]+$/.test(name)) {
        throw new TypeError('invalid cookie name');
    }
    let header = `${name}=${encodeURIComponent(value)}`;
    if (options.maxAge !== undefined) header += `; Max-Age=${Math.floor(options.maxAge)}`;
    if (options.domain) header += `; Domain=${options.domain}`;
    header += `; Path=${options.path || '/'}`;
    if (options.isHttpOnly !== false) header += '; HttpOnly';
    if (options.isSecure) header += '; Secure';
    if (options.sameSite) header += `; SameSite=${options.sameSite}`;
    return header;
}

/**
 * Order what a client accepts by quality, best first.
 *
 * @param {string} header such as `text/html, application/json;q=0.8`
 * @returns {Array<{type: string, quality: number}>}
 */
function parseAccept(header) {
    return header
        .split(',')
        .map((part, index) => {
            const [type, ...params] = part.split(';').map(text => text.trim());
            const quality = params.find(param => param.startsWith('q='));
            return { type, quality: quality ? Number(quality.slice(2)) : 1, index };
        })
        .filter(({ type, quality }) => type && quality > 0)
        .sort((a, b) => b.quality - a.quality || a.index - b.index)
        .map(({ type, quality }) => ({ type, quality }));
}

/**
 * The best of the types on offer, or null.
 */
function negotiateType(header, types) {
    for (const accepted of parseAccept(header || '*/*')) {
        const [group, name] = accepted.type.split('/');
        const found = types.find(type => {
            const [ownGroup, ownName] = type.split('/');
            return (group === '*' || group === ownGroup) && (name === '*' || name === ownName);
        });
        if (found) {
            return found;
        }
    }
    return null;
}

/**
 * First and last byte that a Range header asks for.
 *
 * @param {string} header
 * @param {number} size of the whole file
 * @returns {{start: number, end: number}|null} null if it cannot be served
 */
function parseRange(header, size) {
    const match = /^bytes=(\d*)-(\d*)$/.exec(header);
    if (!match || (match[1] === '' && match[2] === '')) {
        return null;
    }
    let start;
    let end = size - 1;
    if (match[1] === '') {
        start = Math.max(0, size - Number(match[2]));
    } else {
        start = Number(match[1]);
        if (match[2] !== '') {
            end = Math.min(end, Number(match[2]));
        }
    }
    return start <= end ? { start, end } : null;
}

module.exports = { parseCookies, formatCookie, parseAccept, negotiateType, parseRange };
