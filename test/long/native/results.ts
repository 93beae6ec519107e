/**
 * What drivers have computed on two vector widths, compared.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { RecordedProgram } from "./recorded-programs";

/**
 * How far numbers of one kind may be apart, over their size: ten times what is seen. With other seeds it may be more, where a unit within
 * rounding of zero falls on the other side of a relu.
 */
const mostApart = 3e-4;
/** Numbers whose size is below this are judged as if they were of it: the gradient of a bias before batch normalization is but rounding. */
const leastSize = 1e-3;

/** The pieces that a driver writes of a program: outputs, then what is bound. */
function piecesOf({ reads, bound }: RecordedProgram): number[] {
  return [
    ...reads.map(({ count }) => count),
    ...bound.map(({ numbers }) => numbers.length),
  ];
}

/**
 * Asserts that two files of results are the same to rounding.
 *
 * @returns The largest distance of two pieces over the size of the first.
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
        `${program.title}: piece ${piece} of ${size} numbers is ${apart} apart`,
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

/** Distance of two vectors over the size of the first, both as means of squares; NaN where one has a number that is not finite. */
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
