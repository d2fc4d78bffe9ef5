'use strict';

/**
 * Handlers of a small notes service, in the manner of express.
 *
 * @param {{find: function, insert: function, remove: function}} store
 */
module.exports = function createHandlers(store) {
    async function listNotes(req, res, next) {
        try {
            const { page = '1', limit = '20', search = '' } = req.query;
            const count = Math.min(Number(limit) || 20, 100);
            const start = (Math.max(Number(page) || 1, 1) - 1) * count;
            const notes = await store.find(note => note.title.includes(search));
            res.json({ total: notes.length, items: notes.slice(start, start + count) });
        } catch (error) {
            next(error);
        }
    }

    async function createNote(req, res, next) {
        const { title, text, tags = [] } = req.body;
        const errors = validateNote(req.body);
        if (errors.length > 0) {
            return res.status(422).json({ errors });
        }
        try {
            const note = await store.insert({ title: title.trim(), text, tags, owner: req.user.id });
            res.status(201).location(`/notes/${note.id}`).json(note);
        } catch (error) {
            next(error);
        }
    }

    /** Answers 404 for a note that is not the user's own. */
    async function removeNote(req, res) {
        const [note] = await store.find(({ id }) => id === req.params.id);
        const isOwner = note && note.owner === req.user.id;
        if (!isOwner) {
            return res.sendStatus(404);
        }
        await store.remove(note.id);
        res.sendStatus(204);
    }

    return { listNotes, createNote, removeNote };
};

/**
 * @param {{title: string, text: string, tags: string[]}} note
 * @returns {string[]} what is wrong with it
 */
function validateNote({ title, text, tags = [] }) {
    const errors = [];
    if (typeof title !== 'string' || title.trim() === '') {
        errors.push('title is missing');
    } else if (title.length > 200) {
        errors.push('title is too long');
    }
    if (text !== undefined && typeof text !== 'string') {
        errors.push('text must be a string');
    }
    if (!Array.isArray(tags) || tags.some(tag => !/^[\w-]+$/.test(tag))) {
        errors.push('tags must be words');
    }
    return errors;
}

module.exports.validateNote = validateNote;

/**
 * Refuse requests beyond a number per address and window of time.
 *
 * @param {{limit: number, windowMs: number, now: function(): number}} options
 */
module.exports.limitRate = function ({ limit, windowMs, now }) {
    const visits = new Map();

    return function (req, res, next) {
        const time = now();
        const recent = (visits.get(req.ip) || []).filter(start => time - start < windowMs);
        if (recent.length >= limit) {
            res.status(429).json({ error: 'too many requests' });
            return;
        }
        recent.push(time);
        visits.set(req.ip, recent);
        next();
    };
};
