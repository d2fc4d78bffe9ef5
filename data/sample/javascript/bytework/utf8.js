/**
 * Bytes of a string in UTF-8. Lone surrogates become U+FFFD.
 * @param {string} text
 * @returns {number[]}
 */
function encodeUtf8 (text) {
  const bytes = []
  for (const character of text) {
    let code = character.codePointAt(0)
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd
    if (code < 0x80) {
      bytes.push(code)
    } else if (code < 0x800) {
      bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63))
    } else if (code < 0x10000) {
      bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
    } else {
      bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
    }
  }
  return bytes
}

/**
 * How many bytes the sequence that starts with this byte has; 0 if none does.
 */
function sequenceLength (byte) {
  if (byte < 0x80) return 1
  if (byte >= 0xc2 && byte < 0xe0) return 2
  if (byte >= 0xe0 && byte < 0xf0) return 3
  if (byte >= 0xf0 && byte < 0xf5) return 4
  return 0
}

/**
 * Decode UTF-8 strictly.
 * @param {number[]} bytes
 * @returns {string}
 * @throws {Error} at the first byte that does not fit
 */
function decodeUtf8 (bytes) {
  const minimums = [0, 0, 0x80, 0x800, 0x10000]
  let text = ''
  for (let index = 0; index < bytes.length;) {
    const length = sequenceLength(bytes[index])
    if (length === 0) throw new Error(`bad byte at ${index}`)
    let code = length === 1 ? bytes[index] : bytes[index] & (0xff >> (length + 1))
    for (let offset = 1; offset < length; offset++) {
      const byte = bytes[index + offset]
      if (byte === undefined || (byte & 0xc0) !== 0x80) throw new Error(`bad byte at ${index + offset}`)
      code = (code << 6) | (byte & 63)
    }
    const isSurrogate = code >= 0xd800 && code <= 0xdfff
    if (code < minimums[length] || code > 0x10ffff || isSurrogate) throw new Error(`bad code at ${index}`)
    text += String.fromCodePoint(code)
    index += length
  }
  return text
}

/**
 * Length of a string in bytes, without encoding it.
 * @param {string} text
 * @returns {number}
 */
function byteLength (text) {
  let length = 0
  for (const character of text) {
    const code = character.codePointAt(0)
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return length
}

module.exports = { encodeUtf8, decodeUtf8, sequenceLength, byteLength }
