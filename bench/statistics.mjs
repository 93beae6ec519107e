/** The middle of some numbers. */

/**
 * @param {readonly number[]} numbers At least one.
 * @returns {number} The number in the middle, or the mean of the two in the middle.
 */
export function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}
