'use strict';

/**
 * Turn a path such as `/users/:id/*` into a pattern and the names of its parameters.
 *
 * @param {string} path
 * @returns {{pattern: RegExp, names: string[]}}
 */
function compilePath(path) {
    const names = [];
    const source = path
        .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
        .replace(/:(\w+)|\*/g, (match, name) => {
            names.push(name || 'rest');
            return name ? '([^/]+)' : '(.*)';
        });
    return { pattern: new RegExp(`^${source}/?$`), names };
}

class Router {
    constructor() {
        this.routes = [];
        this.middleware = [];
    }

    /**
     * Add a handler that runs before every route.
     *
     * @param {function(Object, Object, function)} handler
     * @returns {Router} this
     */
    use(handler) {
        this.middleware.push(handler);
        return this;
    }

    /**
     * @param {string} method
     * @param {string} path
     * @param {...function} handlers
     */
    add(method, path, ...handlers) {
        this.routes.push({ method: method.toUpperCase(), handlers, ...compilePath(path) });
        return this;
    }

    get(path, ...handlers) {
        return this.add('GET', path, ...handlers);
    }

    post(path, ...handlers) {
        return this.add('POST', path, ...handlers);
    }

    /**
     * Find the route of a request.
     *
     * @param {string} method
     * @param {string} path
     * @returns {{route: Object, params: Object<string, string>}|null}
     */
    match(method, path) {
        for (const route of this.routes) {
            const found = route.method === method && route.pattern.exec(path);
            if (found) {
                const params = {};
                route.names.forEach((name, index) => {
                    params[name] = decodeURIComponent(found[index + 1]);
                });
                return { route, params };
            }
        }
        return null;
    }

    /**
     * Run the handlers for a request, one after the other.
     *
     * @param {Object} req
     * @param {Object} res
     * @param {function(Error=)} done called if no handler answered
     */
    handle(req, res, done) {
        const path = req.url.split('?', 1)[0];
        let found;
        try {
            found = this.match(req.method, path);
        } catch (error) {
            return done(error);
        }
        const handlers = found ? this.middleware.concat(found.route.handlers) : this.middleware;
        let index = 0;
        req.params = found ? found.params : {};

        const next = error => {
            if (error || index >= handlers.length) {
                return done(error);
            }
            const handler = handlers[index++];
            try {
                handler(req, res, next);
            } catch (failure) {
                done(failure);
            }
        };
        next();
    }
}

module.exports = { compilePath, Router };
