/**
 * How many threads do a step's work. No number of a result depends on it.
 */
import { availableParallelism } from "node:os";
import { slots } from "./lower";

/** The threads of native programs: as many as there are cores, or `CONVNOTES_THREADS`; at most one for each slot. */
export function threads(): number {
  const wanted = Number(process.env["CONVNOTES_THREADS"]);
  const count =
    Number.isInteger(wanted) && wanted > 0 ? wanted : availableParallelism();
  return Math.min(count, slots);
}
