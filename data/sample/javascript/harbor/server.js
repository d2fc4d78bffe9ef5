'use strict';

const fs = require('fs');
const http = require('http');
const path = require('path');

const MIME_TYPES = {
    '.html': 'text/html; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8',
    '.json': 'application/json',
    '.png': 'image/png',
};

/**
 * Read the whole body of a request.
 *
 * @param {http.IncomingMessage} req
 * @param {number} limit in bytes
 * @param {function(Error, Buffer=)} callback
 */
function readBody(req, limit, callback) {
    const chunks = [];
    let length = 0;
    let isDone = false;

    function finish(error, body) {
        if (!isDone) {
            isDone = true;
            callback(error, body);
        }
    }

    req.on('data', chunk => {
        length += chunk.length;
        if (length > limit) {
            req.destroy();
            finish(new Error('body too large'));
        } else {
            chunks.push(chunk);
        }
    });
    req.on('end', () => finish(null, Buffer.concat(chunks)));
    req.on('error', finish);
}

function sendJson(res, status, data) {
    const body = JSON.stringify(data);
    res.writeHead(status, {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
    });
    res.end(body);
}

/**
 * Serve the files of a folder.
 *
 * @param {string} root
 * @returns {function(Object, Object, function)} handler that calls `next` when there is no such file
 */
function serveFiles(root) {
    const base = path.resolve(root);
    return function (req, res, next) {
        const name = decodeURIComponent(req.url.split('?')[0]);
        const file = path.join(base, name.endsWith('/') ? name + 'index.html' : name);
        if (!file.startsWith(base + path.sep)) {
            return next();
        }
        fs.stat(file, (error, stats) => {
            if (error || !stats.isFile()) {
                return next();
            }
            res.writeHead(200, {
                'Content-Type': MIME_TYPES[path.extname(file)] || 'application/octet-stream',
                'Content-Length': stats.size,
                'Last-Modified': stats.mtime.toUTCString(),
            });
            fs.createReadStream(file).pipe(res);
        });
    };
}

/**
 * Log every request with its status and how long it took.
 */
function logRequests(write) {
    return (req, res, next) => {
        const start = process.hrtime.bigint();
        res.on('finish', () => {
            const elapsed = Number(process.hrtime.bigint() - start) / 1e6;
            write(`${req.method} ${req.url} ${res.statusCode} ${elapsed.toFixed(1)} ms`);
        });
        next();
    };
}

/**
 * Start a server.
 *
 * @param {Router} router
 * @param {{port?: number, host?: string}} options
 * @param {function(Error=, http.Server=)} callback
 */
function startServer(router, { port = 8080, host = '127.0.0.1' }, callback) {
    const server = http.createServer((req, res) => {
        router.handle(req, res, error => {
            if (error) {
                console.error(error.stack);
                sendJson(res, 500, { error: 'internal error' });
            } else {
                sendJson(res, 404, { error: `no such page: ${req.url}` });
            }
        });
    });
    server.once('error', callback);
    server.listen(port, host, () => callback(null, server));
}

module.exports = { readBody, sendJson, serveFiles, logRequests, startServer };
