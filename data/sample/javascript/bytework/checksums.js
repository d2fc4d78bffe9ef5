const CRC_TABLE = (() => {
  const table = new Uint32Array(256)
  for (let byte = 0; byte < 256; byte++) {
    let value = byte
    for (let bit = 0; bit < 8; bit++) {
      value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
    }
    table[byte] = value
  }
  return table
})()

/**
 * CRC-32 of bytes, as zip and png have it.
 * @param {number[]} bytes
 * @returns {number} unsigned
 */
function crc32 (bytes) {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ CRC_TABLE[(crc ^ byte) & 255]
  return (crc ^ 0xffffffff) >>> 0
}

/** Adler-32 checksum. */
function adler32 (bytes) {
  let low = 1
  let high = 0
  for (let i = 0; i < bytes.length; i++) {
    low = (low + bytes[i]) % 65521
    high = (high + low) % 65521
  }
  return ((high << 16) | low) >>> 0
}

/**
 * 32-bit FNV-1a hash of a string's code units.
 * @param {string} text
 * @returns {number}
 */
function hashString (text) {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i)
    hash = Math.imul(hash, 0x01000193)
  }
  return hash >>> 0
}

/**
 * Whether a card number passes the Luhn check; spaces and hyphens are skipped.
 * @param {string} number
 * @returns {boolean}
 */
function isValidCardNumber (number) {
  const digits = number.replace(/[\s-]/g, '')
  if (!/^\d{2,}$/.test(digits)) return false
  let total = 0
  let isDoubled = false
  for (let i = digits.length - 1; i >= 0; i--) {
    let digit = Number(digits[i])
    if (isDoubled) {
      digit *= 2
      if (digit > 9) digit -= 9
    }
    total += digit
    isDoubled = !isDoubled
  }
  return total % 10 === 0
}

/**
 * Variable-length bytes of an unsigned integer, seven bits each, lowest first.
 * @param {number} value
 * @returns {number[]}
 */
function encodeVarint (value) {
  const bytes = []
  while (value >= 128) {
    bytes.push((value % 128) | 128)
    value = Math.floor(value / 128)
  }
  bytes.push(value)
  return bytes
}

function decodeVarint (bytes, offset = 0) {
  let value = 0
  let factor = 1
  for (let index = offset; index < bytes.length; index++) {
    value += (bytes[index] & 127) * factor
    if (bytes[index] < 128) return { value, length: index - offset + 1 }
    factor *= 128
  }
  throw new Error('unexpected end of bytes')
}

module.exports = { crc32, adler32, hashString, isValidCardNumber, encodeVarint, decodeVarint }
