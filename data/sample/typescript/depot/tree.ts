export interface TreeNode {
  id: string;
  name: string;
  parent: TreeNode | null;
  children: TreeNode[];
}

export type Visitor = (node: TreeNode, depth: number) => boolean | void;

export function createNode(id: string, name: string): TreeNode {
  return { id, name, parent: null, children: [] };
}

export function appendChild(parent: TreeNode, child: TreeNode): TreeNode {
  if (child.parent !== null) {
    removeChild(child.parent, child);
  }
  child.parent = parent;
  parent.children.push(child);
  return child;
}

export function removeChild(parent: TreeNode, child: TreeNode): boolean {
  const index: number = parent.children.indexOf(child);
  if (index < 0) {
    return false;
  }
  parent.children.splice(index, 1);
  child.parent = null;
  return true;
}

/** Visit a node and all below it; a visitor that returns false skips the children. */
export function walk(node: TreeNode, visitor: Visitor, depth: number = 0): void {
  if (visitor(node, depth) === false) {
    return;
  }
  for (const child of node.children) {
    walk(child, visitor, depth + 1);
  }
}

export function findNode(root: TreeNode, predicate: (node: TreeNode) => boolean): TreeNode | null {
  const pending: TreeNode[] = [root];
  while (pending.length > 0) {
    const node: TreeNode = pending.shift()!;
    if (predicate(node)) {
      return node;
    }
    pending.push(...node.children);
  }
  return null;
}

export function pathOf(node: TreeNode): string[] {
  const names: string[] = [];
  for (let current: TreeNode | null = node; current !== null; current = current.parent) {
    names.unshift(current.name);
  }
  return names;
}

export function depthOf(node: TreeNode): number {
  return pathOf(node).length - 1;
}

export function countNodes(root: TreeNode): number {
  let count: number = 0;
  walk(root, (): void => {
    count++;
  });
  return count;
}

export function printTree(root: TreeNode, indent: string = '  '): string {
  const lines: string[] = [];
  walk(root, (node: TreeNode, depth: number): void => {
    lines.push(indent.repeat(depth) + node.name);
  });
  return lines.join('\n');
}

export function isAncestor(node: TreeNode, descendant: TreeNode): boolean {
  let current: TreeNode | null = descendant.parent;
  while (current !== null && current !== node) {
    current = current.parent;
  }
  return current === node;
}

/** Build trees from rows that name their parents. */
export function buildTrees(rows: Array<{ id: string; name: string; parentId?: string }>): TreeNode[] {
  const nodes: Map<string, TreeNode> = new Map();
  const roots: TreeNode[] = [];
  for (const { id, name } of rows) {
    nodes.set(id, createNode(id, name));
  }
  for (const { id, parentId } of rows) {
    const node: TreeNode = nodes.get(id)!;
    const parent: TreeNode | undefined = parentId === undefined ? undefined : nodes.get(parentId);
    if (parent === undefined) {
      roots.push(node);
    } else {
      appendChild(parent, node);
    }
  }
  return roots;
}
