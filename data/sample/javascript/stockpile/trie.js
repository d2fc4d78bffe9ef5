function createNode() {
  return { children: new Map(), isEnd: false };
}

/**
 * Set of words that finds all with a common beginning.
 */
class Trie {
  constructor(words = []) {
    this.root = createNode();
    this.size = 0;
    for (const word of words) this.add(word);
  }

  /**
   * @param {string} word
   * @returns {boolean} false if it was there
   */
  add(word) {
    let node = this.root;
    for (const character of word) {
      if (!node.children.has(character)) {
        node.children.set(character, createNode());
      }
      node = node.children.get(character);
    }
    if (node.isEnd) return false;
    node.isEnd = true;
    this.size++;
    return true;
  }

  findNode(prefix) {
    let node = this.root;
    for (const character of prefix) {
      node = node.children.get(character);
      if (!node) return null;
    }
    return node;
  }

  has(word) {
    return this.findNode(word)?.isEnd ?? false;
  }

  /**
   * Words that begin with a prefix, in the order of the alphabet.
   *
   * @param {string} prefix
   * @param {number} [limit]
   * @returns {string[]}
   */
  complete(prefix, limit = Infinity) {
    const words = [];
    const visit = (node, word) => {
      if (words.length >= limit) return;
      if (node.isEnd) words.push(word);
      for (const character of [...node.children.keys()].sort()) {
        visit(node.children.get(character), word + character);
      }
    };
    const start = this.findNode(prefix);
    if (start) visit(start, prefix);
    return words;
  }

  /** Remove a word and the nodes that only it needed. */
  remove(word) {
    const path = [this.root];
    for (const character of word) {
      const node = path[path.length - 1].children.get(character);
      if (!node) return false;
      path.push(node);
    }
    const last = path.pop();
    if (!last.isEnd) return false;
    last.isEnd = false;
    this.size--;
    const characters = [...word];
    for (let node = last; path.length > 0 && !node.isEnd && node.children.size === 0; ) {
      node = path.pop();
      node.children.delete(characters[path.length]);
    }
    return true;
  }
}

/**
 * The longest beginning that all words share.
 *
 * @param {string[]} words
 * @returns {string}
 */
function commonPrefix(words) {
  if (words.length === 0) return '';
  let length = 0;
  const [first, ...others] = words;
  while (length < first.length && others.every(word => word[length] === first[length])) {
    length++;
  }
  return first.slice(0, length);
}
