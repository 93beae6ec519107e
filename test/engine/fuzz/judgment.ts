/**
 * Compares a program's run with the engine on with plain TensorFlow.js.
 *
 * Values may differ by rounding. If they differ by more than a small bound, the extent of rounding
 * in this program is measured: plain TensorFlow.js runs it again from weights that are off by a few
 * units of float32's last place. Differences of that size are not failures.
 */
import { inspect } from "node:util";
import type { Plain } from "../cases/observations";
import type { Plan } from "./plan";
import { hasOwnCode, runPlan, type ProgramRun } from "./program-run";

/** Bound that needs no further check, relative to the largest value of a tensor, or to 1. */
const littleApart = 1e-4;

/** Relative changes of the initial weights, by which rounding is measured. */
const shifts = [1e-6, -7e-7, 4e-7];

/** Allowed difference, as a multiple of the difference in the shifted runs. */
const margin = 30;

export interface Judgment {
  readonly verdict: "same" | "rounding" | "different";
  /** Where and how it differs. */
  readonly difference?: string;
  /** Text of the error that both ended with. */
  readonly error?: string;
  readonly isStock: boolean;
  readonly compiled: number;
  readonly stepByStep: number;
  /** Messages of the engine. */
  readonly notes: readonly string[];
}

/** Runs a plan with the engine on and off, and compares. */
export async function judge(plan: Plan): Promise<Judgment> {
  const off = await runPlan(plan, "off");
  const on = await runPlan(plan, "on");
  const error = off.observations.byName()["error"]?.[0] as string | undefined;
  const base = {
    isStock: !hasOwnCode(plan),
    compiled: on.share.compiled,
    stepByStep: on.share.stepByStep,
    notes: on.notes,
    ...(error === undefined ? {} : { error }),
  };
  const onlyShapes = plan.model.drawsAtRandom === true;
  const first = difference(on, off, littleApart, [], onlyShapes);
  if (first === undefined) return { verdict: "same", ...base };
  const shifted: ProgramRun[] = [];
  for (const shift of shifts) shifted.push(await runPlan(plan, "off", shift));
  const second = difference(on, off, littleApart, shifted, onlyShapes);
  return second === undefined
    ? { verdict: "rounding", difference: first, ...base }
    : { verdict: "different", difference: second, ...base };
}

interface Leaf {
  readonly place: string;
  readonly values: readonly Plain[];
}

/** Returns all lists of numbers in the observations, with their paths. */
function leaves(value: Plain, place: string): Leaf[] {
  if (Array.isArray(value)) {
    const list = value as readonly Plain[];
    const flat = list.every((each) => typeof each !== "object");
    if (flat) return [{ place: `${place}[${list.length}]`, values: list }];
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([name, each]) =>
      leaves(each, `${place}.${name}`),
    );
  }
  return [{ place, values: [value] }];
}

const leavesOf = ({ observations }: ProgramRun): Leaf[] => {
  const { seen, calls } = observations;
  return [
    ...seen.flatMap(({ name, value }, index) =>
      leaves(value, `${index}: ${name}`),
    ),
    ...Object.keys(calls)
      .sort()
      .map((name) => ({
        place: `calls of ${name}`,
        values: [String(calls[name])],
      })),
  ];
};

/** Returns the first place where two runs differ; undefined if they do not. */
function difference(
  on: ProgramRun,
  off: ProgramRun,
  bound: number,
  shifted: readonly ProgramRun[],
  onlyShapes: boolean,
): string | undefined {
  const [ours, theirs] = [leavesOf(on), leavesOf(off)];
  const others = shifted.map(leavesOf);
  for (const [index, expected] of theirs.entries()) {
    const actual = ours[index];
    if (actual?.place !== expected.place) {
      return `${actual?.place ?? "nothing more"} instead of ${expected.place} ${inspect(expected.values.slice(0, 4))}`;
    }
    if (onlyShapes) continue;
    const largest = Math.max(1, ...expected.values.map(magnitude));
    for (const [position, right] of expected.values.entries()) {
      const value = actual.values[position]!;
      const spread = others.map((leaves) =>
        apart(leaves[index]?.values[position], right),
      );
      const allowed = bound * largest + margin * Math.max(0, ...spread);
      if (!(apart(value, right) <= allowed)) {
        return `${expected.place} at ${position}: ${inspect(value)} instead of ${inspect(right)} (to within ${allowed})`;
      }
    }
  }
  const more = ours[theirs.length];
  return (
    more && `${more.place} ${inspect(more.values.slice(0, 4))}, one too many`
  );
}

const magnitude = (value: Plain) =>
  typeof value === "number" && Number.isFinite(value) ? Math.abs(value) : 0;

/**
 * Returns how far two values are apart: 0 if they are equal or the first one is missing, infinite
 * if they differ and are not both numbers.
 */
function apart(value: Plain | undefined, right: Plain): number {
  if (value === undefined) return 0;
  if (Object.is(value, right) || value === right) return 0;
  return typeof value === "number" && typeof right === "number"
    ? Math.abs(value - right)
    : Infinity;
}
