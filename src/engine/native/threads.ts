/**
 * Chooses the number of threads of native programs. Results do not depend on it.
 */
import { availableParallelism } from "node:os";
import { slots } from "./lower";

/**
 * Returns the number of threads: `CONVNOTES_THREADS`, or the number of cores by default; at most
 * one for each slot.
 */
export function threads(): number {
  const wanted = Number(process.env["CONVNOTES_THREADS"]);
  const count =
    Number.isInteger(wanted) && wanted > 0 ? wanted : availableParallelism();
  return Math.min(count, slots);
}
