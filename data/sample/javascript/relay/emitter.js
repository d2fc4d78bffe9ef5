/**
 * Calls listeners by the name of an event.
 */
class Emitter {
	#listeners = new Map();

	/**
	 * @param {string} event
	 * @param {Function} listener
	 * @returns {Function} removes the listener again
	 */
	on(event, listener) {
		if (!this.#listeners.has(event)) {
			this.#listeners.set(event, []);
		}
		this.#listeners.get(event).push(listener);
		return () => this.off(event, listener);
	}

	/** Like `on`, but for one call only. */
	once(event, listener) {
		const remove = this.on(event, (...args) => {
			remove();
			listener(...args);
		});
		return remove;
	}

	off(event, listener) {
		const listeners = this.#listeners.get(event);
		if (!listeners) {
			return;
		}
		const index = listeners.indexOf(listener);
		if (index >= 0) {
			listeners.splice(index, 1);
		}
		if (listeners.length === 0) {
			this.#listeners.delete(event);
		}
	}

	/**
	 * Call all listeners of an event with the arguments.
	 *
	 * @param {string} event
	 * @param {...*} args
	 * @returns {boolean} whether there was any
	 */
	emit(event, ...args) {
		const listeners = this.#listeners.get(event) ?? [];
		for (const listener of [...listeners]) {
			listener(...args);
		}
		return listeners.length > 0;
	}

	listenerCount(event) {
		return this.#listeners.get(event)?.length ?? 0;
	}

	get events() {
		return [...this.#listeners.keys()];
	}
}

module.exports = { Emitter };
