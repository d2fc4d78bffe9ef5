import { Heap } from './heap';

export interface Edge {
  from: string;
  to: string;
  weight: number;
}

export interface Route {
  path: string[];
  cost: number;
}

export class CycleError extends Error {
  readonly node: string;

  constructor(node: string) {
    super(`cycle through ${node}`);
    this.name = 'CycleError';
    this.node = node;
  }
}

/** Directed graph with weights on its edges. */
export class Graph {
  private readonly edges: Map<string, Edge[]> = new Map();
  private edgeCount: number = 0;

  static fromEdges(edges: Edge[]): Graph {
    const graph: Graph = new Graph();
    for (const { from, to, weight } of edges) {
      graph.addEdge(from, to, weight);
    }
    return graph;
  }

  addNode(name: string): void {
    if (!this.edges.has(name)) {
      this.edges.set(name, []);
    }
  }

  addEdge(from: string, to: string, weight: number = 1): Edge {
    const edge: Edge = { from, to, weight };
    this.addNode(from);
    this.addNode(to);
    this.edges.get(from)!.push(edge);
    this.edgeCount++;
    return edge;
  }

  get nodes(): string[] {
    return Array.from(this.edges.keys());
  }

  get density(): number {
    const count: number = this.edges.size;
    return count < 2 ? 0 : this.edgeCount / (count * (count - 1));
  }

  neighbours(name: string): string[] {
    return (this.edges.get(name) ?? []).map((edge: Edge) => edge.to);
  }

  hasPath(start: string, end: string): boolean {
    return this.reachable(start).has(end);
  }

  reachable(start: string): Set<string> {
    const visited: Set<string> = new Set([start]);
    for (const name of visited) {
      this.neighbours(name).forEach((neighbour: string) => visited.add(neighbour));
    }
    return visited;
  }

  shortestPath(start: string, end: string): Route | null {
    const costs: Map<string, number> = new Map([[start, 0]]);
    const previous: Map<string, string> = new Map();
    const heap: Heap<[string, number]> = new Heap((a: [string, number], b: [string, number]) => a[1] - b[1]);
    heap.push([start, 0]);
    for (let entry = heap.pop(); entry !== undefined; entry = heap.pop()) {
      const [name, cost] = entry;
      if (name === end) {
        return { path: this.traceBack(previous, end), cost };
      }
      if (cost > costs.get(name)!) continue;
      for (const edge of this.edges.get(name) ?? []) {
        const newCost: number = cost + edge.weight;
        if (newCost < (costs.get(edge.to) ?? Infinity)) {
          costs.set(edge.to, newCost);
          previous.set(edge.to, name);
          heap.push([edge.to, newCost]);
        }
      }
    }
    return null;
  }

  private traceBack(previous: Map<string, string>, end: string): string[] {
    const path: string[] = [end];
    for (let name: string | undefined = previous.get(end); name !== undefined; name = previous.get(name)) {
      path.unshift(name);
    }
    return path;
  }

  /** Every node before those it points to. */
  topologicalOrder(): string[] {
    const order: string[] = [];
    const open: Set<string> = new Set();
    const done: Set<string> = new Set();

    const visit = (name: string): void => {
      if (done.has(name)) return;
      if (open.has(name)) throw new CycleError(name);
      open.add(name);
      this.neighbours(name).forEach(visit);
      done.add(name);
      order.unshift(name);
    };

    this.nodes.forEach(visit);
    return order;
  }
}
