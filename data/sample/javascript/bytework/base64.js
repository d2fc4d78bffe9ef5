const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/**
 * Encode bytes as base64.
 * @param {Uint8Array|number[]} bytes
 * @param {{urlSafe?: boolean}} [options]
 * @returns {string}
 */
function encodeBase64 (bytes, { urlSafe = false } = {}) {
  let result = ''
  for (let index = 0; index < bytes.length; index += 3) {
    const chunk = (bytes[index] << 16) | ((bytes[index + 1] || 0) << 8) | (bytes[index + 2] || 0)
    const remaining = bytes.length - index
    result += ALPHABET[chunk >> 18]
    result += ALPHABET[(chunk >> 12) & 63]
    result += remaining > 1 ? ALPHABET[(chunk >> 6) & 63] : '='
    result += remaining > 2 ? ALPHABET[chunk & 63] : '='
  }
  return urlSafe ? toUrlSafe(result) : result
}

const toUrlSafe = text => text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

/**
 * Decode base64, in the common or the address-safe alphabet.
 * @param {string} text
 * @returns {number[]} bytes
 */
function decodeBase64 (text) {
  const clean = text.replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, '')
  const bytes = []
  let buffer = 0
  let bits = 0
  for (const character of clean) {
    const value = ALPHABET.indexOf(character)
    if (value < 0) throw new Error(`not base64: ${character}`)
    buffer = (buffer << 6) | value
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes.push((buffer >> bits) & 255)
      buffer &= (1 << bits) - 1
    }
  }
  return bytes
}

/**
 * Write bytes as hexadecimal digits.
 * @param {number[]} bytes
 * @param {string} [separator]
 */
function toHex (bytes, separator = '') {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(separator)
}

function fromHex (text) {
  const digits = text.replace(/[\s:]/g, '')
  if (digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits)) {
    throw new Error('not hexadecimal')
  }
  const bytes = []
  for (let i = 0; i < digits.length; i += 2) {
    bytes.push(parseInt(digits.slice(i, i + 2), 16))
  }
  return bytes
}

module.exports = { encodeBase64, decodeBase64, toUrlSafe, toHex, fromHex }
