// Finds the known word that a mistyped one probably meant.

/**
 * @param {string} word
 * @param {readonly string[]} known
 * @returns {string | undefined} The known word with the fewest changed letters; undefined if more
 *   than half of its letters would change.
 */
export function nearest(word, known) {
  const ranked = known
    .map((candidate) => ({ candidate, changes: changes(word, candidate) }))
    .filter(({ candidate, changes }) => changes <= candidate.length / 2)
    .sort((a, b) => a.changes - b.changes);
  return ranked[0]?.candidate;
}

/**
 * @param {string} from
 * @param {string} to
 * @returns {number} How many letters have to be inserted, removed or replaced.
 */
function changes(from, to) {
  let above = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...from].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...to].entries()) {
      current.push(
        Math.min(
          /** @type {number} */ (above[column]) + (letter === other ? 0 : 1),
          /** @type {number} */ (above[column + 1]) + 1,
          /** @type {number} */ (current[column]) + 1,
        ),
      );
    }
    above = current;
  }
  return /** @type {number} */ (above.at(-1));
}
