/**
 * Traverses syntax trees without recursion: the tree of a sum of 20,000 terms is equally deep.
 */
import type ts from "typescript";

/**
 * Visits a node and its descendants in the order of the text.
 *
 * @param typescript TypeScript, which not every process has loaded.
 * @param root The node.
 * @param look Called with each node; returns false to skip its descendants.
 */
export function walk(
  { forEachChild }: typeof ts,
  root: ts.Node,
  look: (node: ts.Node) => boolean,
): void {
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!look(node)) continue;
    const first = waiting.length;
    forEachChild(node, (child) => {
      waiting.push(child);
    });
    // Reverse the children, so that the first one is taken next.
    for (let a = first, b = waiting.length - 1; a < b; a += 1, b -= 1) {
      [waiting[a], waiting[b]] = [waiting[b]!, waiting[a]!];
    }
  }
}
