/** Statistics of measurements. */

/**
 * @param {readonly number[]} numbers At least one.
 * @returns {number} The median: the middle number, or the mean of the two middle ones.
 */
export function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}
