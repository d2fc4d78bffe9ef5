/**
 * Cache that forgets what was not used for longest.
 */
class LruCache {
  #entries = new Map();
  #capacity;
  hits = 0;
  misses = 0;

  /**
   * @param {number} capacity entries that are kept
   * @param {function(string, *)} [onEvict]
   */
  constructor(capacity, onEvict) {
    if (capacity < 1) {
      throw new RangeError('capacity must be at least 1');
    }
    this.#capacity = capacity;
    this.onEvict = onEvict;
  }

  get size() {
    return this.#entries.size;
  }

  get hitRate() {
    const total = this.hits + this.misses;
    return total === 0 ? 0 : this.hits / total;
  }

  has(key) {
    return this.#entries.has(key);
  }

  /**
   * @param {string} key
   * @param {*} [defaultValue]
   * @returns {*} the value, which counts as used now
   */
  get(key, defaultValue) {
    if (!this.#entries.has(key)) {
      this.misses++;
      return defaultValue;
    }
    const value = this.#entries.get(key);
    this.hits++;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key, value) {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.#capacity) {
      const [oldestKey, oldestValue] = this.#entries.entries().next().value;
      this.#entries.delete(oldestKey);
      this.onEvict?.(oldestKey, oldestValue);
    }
    return this;
  }

  clear() {
    this.#entries.clear();
    this.hits = this.misses = 0;
  }

  keys() {
    return [...this.#entries.keys()];
  }
}

/**
 * Ring of fixed size: when it is full, the oldest item goes.
 */
class RingBuffer {
  constructor(capacity) {
    this.items = new Array(capacity);
    this.start = 0;
    this.count = 0;
  }

  push(item) {
    const capacity = this.items.length;
    this.items[(this.start + this.count) % capacity] = item;
    if (this.count < capacity) {
      this.count++;
    } else {
      this.start = (this.start + 1) % capacity;
    }
  }

  shift() {
    if (this.count === 0) return undefined;
    const item = this.items[this.start];
    this.items[this.start] = undefined;
    this.start = (this.start + 1) % this.items.length;
    this.count--;
    return item;
  }

  *[Symbol.iterator]() {
    for (let offset = 0; offset < this.count; offset++) {
      yield this.items[(this.start + offset) % this.items.length];
    }
  }
}
