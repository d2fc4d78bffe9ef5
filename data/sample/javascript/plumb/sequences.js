/** Lazy sequences: every function takes an iterable and gives one. */

function* map(iterable, callback) {
  let index = 0
  for (const item of iterable) yield callback(item, index++)
}

function* filter(iterable, predicate) {
  for (const item of iterable) {
    if (predicate(item)) yield item
  }
}

/** The first `count` items. */
function* take(iterable, count) {
  if (count <= 0) return
  for (const item of iterable) {
    yield item
    if (--count === 0) return
  }
}

function* skipWhile(iterable, predicate) {
  let isSkipping = true
  for (const item of iterable) {
    isSkipping = isSkipping && predicate(item)
    if (!isSkipping) yield item
  }
}

function* iterate(callback, start) {
  for (let value = start; ; value = callback(value)) yield value
}

/** Neighbours in windows of `size` items. */
function* windows(iterable, size) {
  const buffer = []
  for (const item of iterable) {
    buffer.push(item)
    if (buffer.length > size) buffer.shift()
    if (buffer.length === size) yield buffer.slice()
  }
}

function* permutations(items) {
  if (items.length <= 1) {
    yield items.slice()
    return
  }
  for (let index = 0; index < items.length; index++) {
    const rest = [...items.slice(0, index), ...items.slice(index + 1)]
    for (const tail of permutations(rest)) yield [items[index], ...tail]
  }
}

/** All ways to choose `count` of the items, in their order. */
function combinations(items, count) {
  if (count === 0) return [[]]
  return items.flatMap((item, index) => combinations(items.slice(index + 1), count - 1).map((rest) => [item, ...rest]))
}

const product = (...lists) =>
  lists.reduce((tuples, list) => tuples.flatMap((tuple) => list.map((item) => [...tuple, item])), [[]])

function fold(iterable, callback, initial) {
  let result = initial
  for (const item of iterable) result = callback(result, item)
  return result
}

/** Chain the functions above: `chain([1, 2]).map(double).take(1).toArray()`. */
const chain = (iterable) => ({
  map: (callback) => chain(map(iterable, callback)),
  filter: (predicate) => chain(filter(iterable, predicate)),
  take: (count) => chain(take(iterable, count)),
  reduce: (callback, initial) => fold(iterable, callback, initial),
  toArray: () => [...iterable],
})
