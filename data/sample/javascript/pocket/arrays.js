'use strict';

/**
 * Split an array into pieces of at most `size` items.
 *
 * @param {Array} items
 * @param {number} size - length of each piece, at least 1
 * @returns {Array[]} the pieces in order; the last one may be shorter
 * @throws {RangeError} if size is less than 1
 */
function chunk(items, size) {
  if (!(size >= 1)) {
    throw new RangeError('size must be at least 1');
  }
  const chunks = [];
  for (let start = 0; start < items.length; start += size) {
    chunks.push(items.slice(start, start + size));
  }
  return chunks;
}

/**
 * Keep the first item for every key and drop the later ones.
 *
 * @param {Array} items
 * @param {function(*): *} [getKey] - what two items must share to be equal; the item itself by default
 * @returns {Array}
 */
function uniqueBy(items, getKey = item => item) {
  const seen = new Set();
  return items.filter(item => {
    const key = getKey(item);
    if (seen.has(key)) {
      return false;
    }
    seen.add(key);
    return true;
  });
}

/**
 * Sort items into lists by the key that a callback gives for each.
 *
 * @param {Array} items
 * @param {function(*, number): string} callback
 * @returns {Object<string, Array>}
 */
function groupBy(items, callback) {
  const groups = {};
  items.forEach((item, index) => {
    const key = callback(item, index);
    (groups[key] = groups[key] || []).push(item);
  });
  return groups;
}

/**
 * Split items in two lists: those that pass the test and those that do not.
 */
function partition(items, predicate) {
  const passed = [];
  const failed = [];
  for (const item of items) {
    (predicate(item) ? passed : failed).push(item);
  }
  return [passed, failed];
}

// Like Python's range: the end is left out and the step may be negative.
function range(start, end, step = 1) {
  if (end === undefined) {
    [start, end] = [0, start];
  }
  if (step === 0) {
    throw new RangeError('step must not be 0');
  }
  const numbers = [];
  for (let value = start; step > 0 ? value < end : value > end; value += step) {
    numbers.push(value);
  }
  return numbers;
}

/**
 * Join several arrays element by element; the shortest decides the length.
 *
 * @param {...Array} lists
 * @returns {Array[]}
 */
function zip(...lists) {
  if (lists.length === 0) {
    return [];
  }
  const length = Math.min(...lists.map(list => list.length));
  return Array.from({ length }, (_, index) => lists.map(list => list[index]));
}

/**
 * Flatten nested arrays.
 *
 * @param {Array} items
 * @param {number} [depth=1] how many levels to open
 * @return {Array}
 */
function flatten(items, depth = 1) {
  return items.reduce((result, item) => {
    if (Array.isArray(item) && depth > 0) {
      return result.concat(flatten(item, depth - 1));
    }
    result.push(item);
    return result;
  }, []);
}

/**
 * Find where a value belongs in a sorted array so that the order is kept.
 *
 * @param {number[]} sorted
 * @param {number} value
 * @returns {number} the first index whose item is not less than the value
 */
function lowerBound(sorted, value) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/**
 * Move one item of an array to another place without changing the array.
 *
 * @param {Array} items
 * @param {number} from
 * @param {number} to
 */
function moveItem(items, from, to) {
  const copy = items.slice();
  const [item] = copy.splice(from, 1);
  copy.splice(to, 0, item);
  return copy;
}

/**
 * Count how often each value occurs.
 *
 * @param {Iterable} values
 * @returns {Map<*, number>}
 */
function countValues(values) {
  const counts = new Map();
  for (const value of values) {
    counts.set(value, (counts.get(value) || 0) + 1);
  }
  return counts;
}

/**
 * Sort by several keys; a key with a leading minus sorts downwards.
 *
 * @param {Object[]} items
 * @param {string[]} keys such as `['-age', 'name']`
 * @returns {Object[]} a sorted copy
 */
function sortByKeys(items, keys) {
  const orders = keys.map(key => (key.startsWith('-') ? { name: key.slice(1), sign: -1 } : { name: key, sign: 1 }));
  return items.slice().sort((left, right) => {
    for (const { name, sign } of orders) {
      if (left[name] < right[name]) return -sign;
      if (left[name] > right[name]) return sign;
    }
    return 0;
  });
}

module.exports = { chunk, uniqueBy, groupBy, partition, range, zip, flatten, lowerBound, moveItem, countValues, sortByKeys };
