/**
 * Binary heap: the least item by a comparison comes out first.
 */
class Heap {
  /**
   * @param {function(*, *): number} [compare]
   * @param {Iterable} [items]
   */
  constructor(compare = (a, b) => a - b, items = []) {
    this.compare = compare;
    this.items = [...items];
    for (let index = (this.items.length >> 1) - 1; index >= 0; index--) {
      this.sinkDown(index);
    }
  }

  get size() {
    return this.items.length;
  }

  isEmpty() {
    return this.items.length === 0;
  }

  peek() {
    return this.items[0];
  }

  /**
   * @param {*} item
   * @returns {number} new size
   */
  push(item) {
    this.items.push(item);
    this.bubbleUp(this.items.length - 1);
    return this.items.length;
  }

  /** Take the least item out; undefined if there is none. */
  pop() {
    const top = this.items[0];
    const last = this.items.pop();
    if (this.items.length > 0) {
      this.items[0] = last;
      this.sinkDown(0);
    }
    return top;
  }

  bubbleUp(index) {
    const item = this.items[index];
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.compare(item, this.items[parent]) >= 0) break;
      this.items[index] = this.items[parent];
      index = parent;
    }
    this.items[index] = item;
  }

  sinkDown(index) {
    const item = this.items[index];
    const count = this.items.length;
    for (let child = 2 * index + 1; child < count; child = 2 * index + 1) {
      if (child + 1 < count && this.compare(this.items[child + 1], this.items[child]) < 0) {
        child++;
      }
      if (this.compare(item, this.items[child]) <= 0) break;
      this.items[index] = this.items[child];
      index = child;
    }
    this.items[index] = item;
  }

  *drain() {
    while (!this.isEmpty()) {
      yield this.pop();
    }
  }
}

/**
 * The least items of a list in rising order, with a heap no larger than asked for.
 *
 * @param {number[]} values
 * @param {number} count
 * @returns {number[]}
 */
function smallest(values, count) {
  const heap = new Heap((a, b) => b - a);
  for (const value of values) {
    heap.push(value);
    if (heap.size > count) {
      heap.pop();
    }
  }
  return [...heap.drain()].reverse();
}
