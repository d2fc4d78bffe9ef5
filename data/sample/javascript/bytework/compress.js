/**
 * Run-length encoding of text without digits: `aaab` becomes `3a1b`.
 * @param {string} text
 * @returns {string}
 */
function encodeRuns (text) {
  return text.replace(/([^\d])\1*/g, (run, character) => run.length + character)
}

function decodeRuns (encoded) {
  return encoded.replace(/(\d+)([^\d])/g, (_, count, character) => character.repeat(Number(count)))
}

/**
 * Code table of Huffman's method.
 * @param {string} text
 * @returns {Object<string, string>} bits of each character
 */
function buildCodes (text) {
  const counts = {}
  for (const character of text) counts[character] = (counts[character] || 0) + 1
  let nodes = Object.keys(counts).sort().map(character => ({ count: counts[character], character }))
  if (nodes.length === 1) return { [nodes[0].character]: '0' }
  while (nodes.length > 1) {
    nodes.sort((left, right) => left.count - right.count)
    const [left, right, ...rest] = nodes
    nodes = [...rest, { count: left.count + right.count, left, right }]
  }
  const codes = {}
  const visit = (node, prefix) => {
    if (node.character !== undefined) {
      codes[node.character] = prefix
      return
    }
    visit(node.left, prefix + '0')
    visit(node.right, prefix + '1')
  }
  if (nodes.length) visit(nodes[0], '')
  return codes
}

const encodeWithCodes = (text, codes) => Array.from(text, character => codes[character]).join('')

/**
 * Read bits back into text.
 * @param {string} bits
 * @param {Object<string, string>} codes
 * @returns {string}
 */
function decodeWithCodes (bits, codes) {
  const characters = new Map(Object.entries(codes).map(([character, code]) => [code, character]))
  let text = ''
  let code = ''
  for (const bit of bits) {
    code += bit
    if (characters.has(code)) {
      text += characters.get(code)
      code = ''
    }
  }
  if (code !== '') throw new Error('bits left over')
  return text
}

/**
 * Lempel-Ziv-Welch compression to a list of codes.
 * @param {string} text of characters below 256
 * @returns {number[]}
 */
function compressLzw (text) {
  const table = new Map()
  for (let code = 0; code < 256; code++) table.set(String.fromCharCode(code), code)
  const output = []
  let prefix = ''
  for (const character of text) {
    if (table.has(prefix + character)) {
      prefix += character
    } else {
      output.push(table.get(prefix))
      table.set(prefix + character, table.size)
      prefix = character
    }
  }
  if (prefix) output.push(table.get(prefix))
  return output
}

function expandLzw (codes) {
  if (codes.length === 0) return ''
  const table = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code))
  let previous = table[codes[0]]
  let text = previous
  for (const code of codes.slice(1)) {
    const entry = code < table.length ? table[code] : previous + previous[0]
    text += entry
    table.push(previous + entry[0])
    previous = entry
  }
  return text
}

module.exports = { encodeRuns, decodeRuns, buildCodes, encodeWithCodes, decodeWithCodes, compressLzw, expandLzw }
