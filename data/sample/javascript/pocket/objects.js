'use strict';

const isObject = value => value !== null && typeof value === 'object' && !Array.isArray(value);

/**
 * Read a value deep inside an object.
 *
 * @param {Object} object
 * @param {string} path keys joined by dots, such as `user.address.city`
 * @param {*} [defaultValue] given back when a key on the way is missing
 * @returns {*}
 */
function getPath(object, path, defaultValue) {
  let value = object;
  for (const key of path.split('.')) {
    value = value?.[key];
  }
  return value ?? defaultValue;
}

/**
 * Copy an object with one deep value replaced; the original is left alone.
 *
 * @param {Object} object
 * @param {string} path
 * @param {*} value
 * @returns {Object}
 */
function setPath(object, path, value) {
  const [key, ...rest] = path.split('.');
  const inner = rest.length ? setPath(isObject(object[key]) ? object[key] : {}, rest.join('.'), value) : value;
  return { ...object, [key]: inner };
}

/**
 * Pick some properties of an object.
 *
 * @param {Object} object
 * @param {string[]} keys
 * @returns {Object}
 */
function pick(object, keys) {
  return Object.fromEntries(keys.filter(key => key in object).map(key => [key, object[key]]));
}

const omit = (object, keys) => pick(object, Object.keys(object).filter(key => !keys.includes(key)));

/**
 * Merge plain objects deeply; arrays and other values of later ones win.
 *
 * @param {...Object} sources
 * @returns {Object} a new object
 */
function deepMerge(...sources) {
  const result = {};
  for (const source of sources) {
    for (const [key, value] of Object.entries(source)) {
      result[key] = isObject(value) && isObject(result[key]) ? deepMerge(result[key], value) : value;
    }
  }
  return result;
}

/**
 * Whether two values have the same shape and content.
 *
 * @param {*} left
 * @param {*} right
 * @returns {boolean}
 */
function isEqual(left, right) {
  if (Object.is(left, right)) {
    return true;
  }
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return false;
  }
  if (Array.isArray(left) !== Array.isArray(right)) {
    return false;
  }
  if (left instanceof Date || right instanceof Date) {
    return left instanceof Date && right instanceof Date && left.getTime() === right.getTime();
  }
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every(key => Object.prototype.hasOwnProperty.call(right, key) && isEqual(left[key], right[key]))
  );
}

/**
 * List what changed between two flat objects.
 *
 * @param {Object} before
 * @param {Object} after
 * @returns {{added: string[], removed: string[], changed: string[]}}
 */
function diffKeys(before, after) {
  const hasKey = (object, key) => Object.prototype.hasOwnProperty.call(object, key);
  return {
    added: Object.keys(after).filter(key => !hasKey(before, key)),
    removed: Object.keys(before).filter(key => !hasKey(after, key)),
    changed: Object.keys(before).filter(key => hasKey(after, key) && !isEqual(before[key], after[key])),
  };
}

const mapValues = (object, callback) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, callback(value, key)]));

const invert = object => Object.fromEntries(Object.entries(object).map(([key, value]) => [value, key]));

module.exports = { isObject, getPath, setPath, pick, omit, deepMerge, isEqual, diffKeys, mapValues, invert };
