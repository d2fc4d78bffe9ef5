export class HttpError extends Error {
  constructor(status, url) {
    super(`${status} for ${url}`);
    this.name = 'HttpError';
    this.status = status;
  }

  get isServerError() {
    return this.status >= 500;
  }
}

/**
 * Make a client for a service that speaks JSON.
 *
 * @param {string} baseUrl
 * @param {{token?: string, fetch?: Function}} [options]
 */
export function createClient(baseUrl, { token, fetch = globalThis.fetch } = {}) {
  const request = async (method, path, data) => {
    const headers = { Accept: 'application/json' };
    if (token) headers.Authorization = `Bearer ${token}`;
    if (data !== undefined) headers['Content-Type'] = 'application/json';
    const url = baseUrl + path;
    const response = await fetch(url, { method, headers, body: data === undefined ? undefined : JSON.stringify(data) });
    if (!response.ok) {
      throw new HttpError(response.status, url);
    }
    return response.status === 204 ? null : response.json();
  };

  return {
    get: path => request('GET', path),
    post: (path, data) => request('POST', path, data),
    remove: path => request('DELETE', path),
  };
}

/**
 * Load something and keep it for some time; those who ask meanwhile share one request.
 *
 * @param {function(string): Promise} load
 * @param {number} maxAge milliseconds
 */
export function cacheRequests(load, maxAge, now = () => Date.now()) {
  const entries = new Map();
  return async function (key) {
    const entry = entries.get(key);
    if (entry && now() - entry.time < maxAge) {
      return entry.promise;
    }
    const promise = load(key);
    entries.set(key, { promise, time: now() });
    try {
      return await promise;
    } catch (error) {
      entries.delete(key);
      throw error;
    }
  };
}

/**
 * Read a response line by line.
 *
 * @param {Response} response
 * @yields {string}
 */
export async function* readLines(response) {
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = lines.pop();
      yield* lines;
    }
    if (rest !== '') yield rest;
  } finally {
    reader.releaseLock();
  }
}
