/**
 * Directed graph with weights on its edges.
 */
class Graph {
  constructor() {
    this.edges = new Map();
  }

  static fromPairs(pairs) {
    const graph = new Graph();
    for (const [from, to, weight] of pairs) {
      graph.addEdge(from, to, weight);
    }
    return graph;
  }

  addNode(name) {
    if (!this.edges.has(name)) {
      this.edges.set(name, new Map());
    }
  }

  addEdge(from, to, weight = 1) {
    this.addNode(from);
    this.addNode(to);
    this.edges.get(from).set(to, weight);
  }

  neighbours(name) {
    return [...(this.edges.get(name)?.keys() ?? [])];
  }

  /**
   * Nodes in the order in which a breadth-first walk meets them.
   *
   * @param {string} start
   * @returns {string[]}
   */
  walk(start) {
    const visited = new Set([start]);
    for (const name of visited) {
      for (const neighbour of this.neighbours(name)) {
        visited.add(neighbour);
      }
    }
    return [...visited];
  }

  /**
   * Cheapest path by Dijkstra's method.
   *
   * @param {string} start
   * @param {string} end
   * @returns {{path: string[], cost: number}|null} null if there is none
   */
  shortestPath(start, end) {
    const costs = new Map([[start, 0]]);
    const previous = new Map();
    const pending = new Set([start]);
    while (pending.size > 0) {
      let current = null;
      for (const name of pending) {
        if (current === null || costs.get(name) < costs.get(current)) current = name;
      }
      if (current === end) break;
      pending.delete(current);
      for (const [neighbour, weight] of this.edges.get(current) ?? []) {
        const cost = costs.get(current) + weight;
        if (!costs.has(neighbour) || cost < costs.get(neighbour)) {
          costs.set(neighbour, cost);
          previous.set(neighbour, current);
          pending.add(neighbour);
        }
      }
    }
    if (!costs.has(end)) return null;
    const path = [end];
    while (path[0] !== start) {
      path.unshift(previous.get(path[0]));
    }
    return { path, cost: costs.get(end) };
  }

  /**
   * Order in which every node comes before those it points to.
   *
   * @returns {string[]}
   * @throws {Error} if there is a cycle
   */
  topologicalOrder() {
    const order = [];
    const states = new Map();
    const visit = name => {
      if (states.get(name) === 'done') return;
      if (states.get(name) === 'open') throw new Error(`cycle through ${name}`);
      states.set(name, 'open');
      for (const neighbour of this.neighbours(name)) visit(neighbour);
      states.set(name, 'done');
      order.unshift(name);
    };
    for (const name of this.edges.keys()) visit(name);
    return order;
  }

  get hasCycle() {
    try {
      this.topologicalOrder();
      return false;
    } catch {
      return true;
    }
  }
}

/**
 * Sets that can be joined, with path halving.
 */
class DisjointSets {
  constructor(count) {
    this.parents = Array.from({ length: count }, (_, index) => index);
    this.count = count;
  }

  find(item) {
    while (this.parents[item] !== item) {
      this.parents[item] = this.parents[this.parents[item]];
      item = this.parents[item];
    }
    return item;
  }

  union(left, right) {
    const leftRoot = this.find(left);
    const rightRoot = this.find(right);
    if (leftRoot === rightRoot) return false;
    this.parents[rightRoot] = leftRoot;
    this.count--;
    return true;
  }
}
