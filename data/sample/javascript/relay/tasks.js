/**
 * Runs asynchronous tasks, so many at a time.
 */
class TaskQueue {
	/**
	 * @param {number} [limit=1] tasks that may run at once
	 */
	constructor(limit = 1) {
		this.limit = limit;
		this.pending = [];
		this.running = 0;
	}

	get isIdle() {
		return this.running === 0 && this.pending.length === 0;
	}

	/**
	 * @param {function(): Promise} task
	 * @returns {Promise} what the task gives
	 */
	add(task) {
		return new Promise((resolve, reject) => {
			this.pending.push({ task, resolve, reject });
			this.#advance();
		});
	}

	#advance() {
		while (this.running < this.limit && this.pending.length > 0) {
			const { task, resolve, reject } = this.pending.shift();
			this.running++;
			Promise.resolve()
				.then(task)
				.then(resolve, reject)
				.finally(() => {
					this.running--;
					this.#advance();
				});
		}
	}
}

/**
 * Map over items with an asynchronous function, so many at a time; results keep the order.
 *
 * @param {Array} items
 * @param {number} limit
 * @param {function(*, number): Promise} callback
 * @returns {Promise<Array>}
 */
async function mapLimit(items, limit, callback) {
	const results = new Array(items.length);
	let next = 0;

	async function work() {
		while (next < items.length) {
			const index = next++;
			results[index] = await callback(items[index], index);
		}
	}

	const workers = Array.from({ length: Math.min(limit, items.length) }, work);
	await Promise.all(workers);
	return results;
}

/**
 * Try something several times.
 *
 * @param {function(number): Promise} task gets the number of the attempt, from 1
 * @param {{attempts?: number, wait?: function(number): Promise, isRetryable?: function(Error): boolean}} [options]
 * @returns {Promise} what the first attempt that succeeds gives
 */
async function retry(task, { attempts = 3, wait = async () => {}, isRetryable = () => true } = {}) {
	for (let attempt = 1; ; attempt++) {
		try {
			return await task(attempt);
		} catch (error) {
			if (attempt >= attempts || !isRetryable(error)) {
				throw error;
			}
			await wait(attempt);
		}
	}
}

/**
 * Promise that fails when another takes too long.
 *
 * @param {Promise} promise
 * @param {number} milliseconds
 * @param {string} [message]
 */
function withTimeout(promise, milliseconds, message = 'timed out') {
	let timer;
	const timeout = new Promise((resolve, reject) => {
		timer = setTimeout(() => reject(new Error(message)), milliseconds);
	});
	return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}

const delay = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

/**
 * Make a promise-returning function of one that takes a node-style callback.
 */
const promisify = callbackFunction =>
	function (...args) {
		return new Promise((resolve, reject) => {
			callbackFunction.call(this, ...args, (error, result) => {
				if (error) reject(error);
				else resolve(result);
			});
		});
	};

/**
 * Collect an asynchronous iterable in an array.
 */
async function collect(iterable) {
	const items = [];
	for await (const item of iterable) {
		items.push(item);
	}
	return items;
}

/**
 * Yield the items of all pages.
 *
 * @param {function(number): Promise<{items: Array, hasMore: boolean}>} fetchPage
 */
async function* paginate(fetchPage) {
	let page = 1;
	let hasMore = true;
	while (hasMore) {
		const result = await fetchPage(page++);
		yield* result.items;
		hasMore = result.hasMore;
	}
}

module.exports = { TaskQueue, mapLimit, retry, withTimeout, delay, promisify, collect, paginate };
