// Functions about functions.

const identity = (value) => value
const constant = (value) => () => value
const not = (predicate) => (...args) => !predicate(...args)

const pipe = (...callbacks) => (value) => callbacks.reduce((result, callback) => callback(result), value)
const compose = (...callbacks) => pipe(...callbacks.reverse())

/** Take the arguments of a function one or more at a time. */
const curry = (callback, arity = callback.length) =>
  function curried(...args) {
    return args.length >= arity ? callback(...args) : (...rest) => curried(...args, ...rest)
  }

const partial = (callback, ...first) => (...rest) => callback(...first, ...rest)
const flip = (callback) => (first, second, ...rest) => callback(second, first, ...rest)

/**
 * Remember the results of a function.
 * @param {Function} callback
 * @param {(...args: any[]) => string} getKey
 */
function memoize(callback, getKey = (...args) => JSON.stringify(args)) {
  const cache = new Map()
  const memoized = (...args) => {
    const key = getKey(...args)
    if (!cache.has(key)) cache.set(key, callback(...args))
    return cache.get(key)
  }
  memoized.clear = () => cache.clear()
  return memoized
}

/** Call a function once and repeat its result ever after. */
function once(callback) {
  let isCalled = false
  let result
  return (...args) => {
    if (!isCalled) {
      isCalled = true
      result = callback(...args)
    }
    return result
  }
}

/**
 * Wait with a call until nothing was asked for some time.
 * @param {Function} callback
 * @param {number} wait milliseconds
 * @param {boolean} isImmediate call at the start of the wait instead
 */
function debounce(callback, wait, isImmediate = false) {
  let timer = null

  function debounced(...args) {
    const callNow = isImmediate && timer === null
    clearTimeout(timer)
    timer = setTimeout(() => {
      timer = null
      if (!isImmediate) callback.apply(this, args)
    }, wait)
    if (callNow) callback.apply(this, args)
  }

  debounced.cancel = () => {
    clearTimeout(timer)
    timer = null
  }
  return debounced
}

/** Call a function no more often than once in a span of time. */
function throttle(callback, interval, now = Date.now) {
  let last = -Infinity
  return function throttled(...args) {
    const time = now()
    if (time - last < interval) return undefined
    last = time
    return callback.apply(this, args)
  }
}

const tap = (callback) => (value) => {
  callback(value)
  return value
}

function times(count, callback) {
  const results = []
  for (let index = 0; index < count; index++) results.push(callback(index))
  return results
}

/** Give a value or a fallback if computing it fails. */
function attempt(callback, fallback) {
  try {
    return callback()
  } catch (error) {
    return typeof fallback === "function" ? fallback(error) : fallback
  }
}
