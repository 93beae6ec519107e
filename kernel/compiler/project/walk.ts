/**
 * A way through a syntax tree that takes no more stack for a deep one: a sum of 20,000 terms is a tree as deep.
 */
import type ts from "typescript";

/**
 * Goes through a node and all that is below it, in the order of the text.
 *
 * @param typescript TypeScript, which not every process has loaded.
 * @param root The node.
 * @param look Is given each node; where it returns false, what is below that node is left out.
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
    // The first child is to be the next one that is taken.
    for (let a = first, b = waiting.length - 1; a < b; a += 1, b -= 1) {
      [waiting[a], waiting[b]] = [waiting[b]!, waiting[a]!];
    }
  }
}
