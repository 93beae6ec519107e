/**
 * Compares the results of drivers on two vector widths.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { RecordedProgram } from "./recorded-programs";

/**
 * Largest allowed relative distance, ten times the largest one seen. With other seeds it may be
 * larger, if a unit within rounding of zero falls on the other side of a ReLU.
 */
const mostApart = 3e-4;
/**
 * Added to the size that distances are relative to. Without it, the gradient of a bias before batch
 * normalization, which is only rounding, would fail.
 */
const leastSize = 1e-3;

/**
 * Returns the sizes of the pieces that a driver writes for a program: outputs, then bound buffers.
 */
function piecesOf({ reads, bound }: RecordedProgram): number[] {
  return [
    ...reads.map(({ count }) => count),
    ...bound.map(({ numbers }) => numbers.length),
  ];
}

/**
 * Asserts that two result files are equal up to rounding.
 *
 * @returns The largest relative distance of two pieces.
 */
export function assertSameToRounding(
  programs: readonly RecordedProgram[],
  one: string,
  other: string,
): number {
  const [a, b] = [numbersOf(one), numbersOf(other)];
  assert.equal(a.length, b.length);
  let largest = 0;
  let first = 0;
  for (const program of programs) {
    for (const [piece, size] of piecesOf(program).entries()) {
      const apart = distance(
        a.subarray(first, first + size),
        b.subarray(first, first + size),
      );
      assert.ok(
        apart <= mostApart,
        `${program.title}: piece ${piece} of ${size} values differs by ${apart}`,
      );
      largest = Math.max(largest, apart);
      first += size;
    }
  }
  assert.equal(first, a.length);
  return largest;
}

function numbersOf(file: string): Float32Array {
  const bytes = readFileSync(file);
  return new Float32Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  );
}

/**
 * Returns the root mean square distance of two vectors, relative to that of the first; NaN if a
 * value is not finite.
 */
function distance(a: Float32Array, b: Float32Array): number {
  let apart = 0;
  let size = 0;
  for (const [index, value] of a.entries()) {
    apart += (value - b[index]!) ** 2;
    size += value ** 2;
  }
  const mean = (squares: number) => Math.sqrt(squares / a.length);
  return mean(apart) / (mean(size) + leastSize);
}
