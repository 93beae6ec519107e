/**
 * One value of a convolution, to judge kernels.
 */

type Rows = readonly (readonly number[])[];

/**
 * Returns the sum of a kernel's weights times the pixels below them.
 *
 * In float64, unlike `convolve`, which computes as a layer does: weights that cancel each other out
 * have to give 0, not a rounding error.
 *
 * @param top The row of the image below the kernel's first row.
 * @param left The column of the image below the kernel's first column.
 */
export function weightedSum(
  kernel: Rows,
  image: Rows,
  top = 0,
  left = 0,
): number {
  return kernel
    .flatMap((row, down) =>
      row.map((weight, across) => weight * image[top + down]![left + across]!),
    )
    .reduce((sum, product) => sum + product, 0);
}
