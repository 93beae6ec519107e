/**
 * Compares a program's run with the engine on with plain TensorFlow.js.
 *
 * Numbers may differ by rounding. How far rounding goes in this program is measured where they differ by more than a little: plain
 * TensorFlow.js runs it again from weights that are off by a few units of float32's last place, and what changes then is no fault.
 */
import type { Plain } from "../cases/observations";
import type { Plan } from "./plan";
import { hasOwnCode, runPlan, type ProgramRun } from "./program-run";

/** What needs no second look, relative to the largest number of a tensor, or to 1. */
const littleApart = 1e-4;

/** Relative changes of the weights at the start, by which rounding is measured. */
const shifts = [1e-6, -7e-7, 4e-7];

/** How many times as far as in the shifted runs numbers may be apart. */
const margin = 30;

export interface Judgement {
  readonly verdict: "same" | "rounding" | "different";
  /** Where and how it differs. */
  readonly difference?: string;
  /** Text of the error that both ended with. */
  readonly error?: string;
  readonly isStock: boolean;
  readonly compiled: number;
  readonly stepByStep: number;
  /** What the engine said. */
  readonly notes: readonly string[];
}

/** Runs a plan both ways and compares. */
export async function judge(plan: Plan): Promise<Judgement> {
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

/** All lists of numbers in what was seen, with their places. */
function leaves(value: Plain, place: string): Leaf[] {
  if (Array.isArray(value)) {
    const list = value as readonly Plain[];
    const flat = list.every((each) => typeof each !== "object");
    if (flat) return [{ place: `${place}[${list.length}]`, values: list }];
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([name, each]) =>
      leaves(each as Plain, `${place}.${name}`),
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

/** The first place where two runs differ; undefined if nowhere. */
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
      return `${actual?.place ?? "nothing more"} instead of ${expected.place} ${expected.values.slice(0, 4).join(", ")}`;
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
        return `${expected.place} at ${position}: ${value} instead of ${right} (to within ${allowed})`;
      }
    }
  }
  const more = ours[theirs.length];
  return (
    more && `${more.place} ${more.values.slice(0, 4).join(", ")}, one too many`
  );
}

const magnitude = (value: Plain) =>
  typeof value === "number" && Number.isFinite(value) ? Math.abs(value) : 0;

/** How far two values are apart; nothing if they are no different numbers, no numbers and the same, or missing. */
function apart(value: Plain | undefined, right: Plain): number {
  if (value === undefined) return 0;
  if (Object.is(value, right) || value === right) return 0;
  return typeof value === "number" && typeof right === "number"
    ? Math.abs(value - right)
    : Infinity;
}
