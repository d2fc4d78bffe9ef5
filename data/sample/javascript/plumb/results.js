/** A value or the reason why there is none. */
class Result {
  constructor(isOk, content) {
    this.isOk = isOk
    this.content = content
    Object.freeze(this)
  }

  static ok(value) {
    return new Result(true, value)
  }

  static fail(reason) {
    return new Result(false, reason)
  }

  static from(callback) {
    try {
      return Result.ok(callback())
    } catch (error) {
      return Result.fail(error.message)
    }
  }

  map(callback) {
    return this.isOk ? Result.ok(callback(this.content)) : this
  }

  chain(callback) {
    return this.isOk ? callback(this.content) : this
  }

  getOrElse(defaultValue) {
    return this.isOk ? this.content : defaultValue
  }

  match({ ok, fail }) {
    return (this.isOk ? ok : fail)(this.content)
  }
}

/** Turn results into a result of all values; the first failure wins. */
function allResults(results) {
  const values = []
  for (const result of results) {
    if (!result.isOk) return result
    values.push(result.content)
  }
  return Result.ok(values)
}

/**
 * Check an object against rules.
 * @param {Object} value
 * @param {Object<string, (field: any) => string | null>} rules give a message or null
 * @returns {Result}
 */
function validate(value, rules) {
  const messages = Object.entries(rules)
    .map(([name, rule]) => [name, rule(value[name])])
    .filter(([, message]) => message)
    .map(([name, message]) => `${name} ${message}`)
  return messages.length === 0 ? Result.ok(value) : Result.fail(messages.join(", "))
}

const required = (value) => (value === undefined || value === "" ? "is required" : null)
const matches = (pattern, message = "has the wrong form") => (value) => (pattern.test(value) ? null : message)
const between = (min, max) => (value) => (value >= min && value <= max ? null : `must lie between ${min} and ${max}`)
