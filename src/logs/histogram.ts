/**
 * Histograms as TensorBoard shows them.
 */

/** The counts of a histogram, as rows of left edge, right edge and count. */
export type HistogramRows = readonly (readonly [
  left: number,
  right: number,
  count: number,
])[];

/**
 * Counts values in `buckets` intervals of equal width, from the smallest to the largest value, as
 * `tf.summary.histogram` does: the last interval includes its right edge. If all values are equal,
 * all edges are that value, and the last interval has them all. Values that are not finite are left
 * out, as no interval contains them; without values, all rows are 0.
 */
export function histogramOf(
  values: Iterable<number>,
  buckets: number,
): HistogramRows {
  const finite = Float64Array.from(values).filter(Number.isFinite);
  const counts = new Array<number>(buckets).fill(0);
  if (finite.length === 0) return counts.map(() => [0, 0, 0]);
  const least = finite.reduce((one, other) => Math.min(one, other));
  const most = finite.reduce((one, other) => Math.max(one, other));
  const width = (most - least) / buckets;
  for (const value of finite) {
    // Without a width, the quotient is NaN, and the last interval is meant.
    const index = Math.floor((value - least) / width);
    counts[index < buckets - 1 ? index : buckets - 1]! += 1;
  }
  const edge = (index: number) =>
    index === buckets ? most : least + index * width;
  return counts.map((count, index) => [edge(index), edge(index + 1), count]);
}
