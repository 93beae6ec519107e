/**
 * The content of a checkpoint: what its tensors and its metadata mean.
 *
 * Tensors: `weights/INDEX/NAME` in the order of `getWeights`, `optimizer/PATH`, `order` (samples of
 * the epoch), `totals` (sums of loss and metrics in it), `curves/NAME` (a value per completed
 * epoch), `parts/NAME/…` (such as early stopping). Metadata: `format`, `version`, `saved` (time),
 * `run` (what the run is), `machine`, and `state` (numbers), the last three in JSON.
 */
import { cpus } from "node:os";
import type { RunPosition } from "../../engine/models/run-keeper";
import { nativeAddon } from "../../engine/native/addon";
import { runtime } from "../../engine/engine-runtime";
import { coded } from "../../notebook/coded-error";
import type { SeedState } from "../seed";
import type { RunIdentity } from "./run-identity";
import { numbers, type SavedPart } from "./saved-part";
import type { StoredTensor, TensorFile } from "./tensor-file";

const format = "convnotes checkpoint";
const version = "1";

/** A checkpoint. */
export interface Checkpoint {
  readonly run: RunIdentity;
  /** What the last bits of the results depend on, besides the run. */
  readonly machine: RunIdentity;
  readonly position: RunPosition;
  /** The state of `Math.random`. */
  readonly seed: SeedState | undefined;
  readonly model: SavedPart;
  readonly parts: Readonly<Record<string, SavedPart>>;
  readonly saved: Date;
}

/** The numbers of a checkpoint. */
interface State {
  readonly position: Omit<RunPosition, "order" | "totals" | "curves">;
  readonly seed: SeedState | undefined;
  readonly model: SavedPart["values"];
  readonly parts: Readonly<Record<string, SavedPart["values"]>>;
}

/** Returns what the last bits of the results depend on in this process. */
export function thisMachine(): RunIdentity {
  const { addon } = nativeAddon();
  return {
    engine: runtime.mode,
    processor: cpus()[0]?.model ?? process.arch,
    vectors: process.env["CONVNOTES_VECTORS"] ?? addon?.widths()[0] ?? "none",
  };
}

/** Returns a checkpoint's tensors and metadata. */
export function encodeCheckpoint(checkpoint: Checkpoint): TensorFile {
  const { run, machine, position, seed, model, parts, saved } = checkpoint;
  const { order, totals, curves, ...others } = position;
  const tensors = new Map<string, StoredTensor>(Object.entries(model.tensors));
  tensors.set("order", { shape: [order.length], values: order });
  tensors.set("totals", numbers(totals));
  for (const [name, values] of Object.entries(curves)) {
    tensors.set(`curves/${name}`, numbers(values));
  }
  for (const [part, saved] of Object.entries(parts)) {
    for (const [name, tensor] of Object.entries(saved.tensors)) {
      tensors.set(`parts/${part}/${name}`, tensor);
    }
  }
  const values = Object.entries(parts).map(([name, part]) => [
    name,
    part.values,
  ]);
  const state: State = {
    position: others,
    seed,
    model: model.values,
    parts: Object.fromEntries(values) as State["parts"],
  };
  const metadata = {
    format,
    version,
    saved: saved.toISOString(),
    run: JSON.stringify(run),
    machine: JSON.stringify(machine),
    state: JSON.stringify(state),
  };
  return { metadata, tensors };
}

/**
 * Returns the checkpoint in a file.
 *
 * @throws Error `ERR_VERSION` if another version of the library has written it.
 */
export function decodeCheckpoint(
  { metadata, tensors }: TensorFile,
  path: string,
): Checkpoint {
  if (metadata["format"] !== format || metadata["version"] !== version) {
    throw coded(
      "ERR_VERSION",
      new Error(
        `Expected a checkpoint of version ${version}, received one of version ${metadata["version"]} (${path})`,
      ),
    );
  }
  const state = JSON.parse(metadata["state"]!) as State;
  const below = (prefix: string) =>
    Object.fromEntries(
      [...tensors]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
    );
  const curves = Object.entries(below("curves/")).map(([name, { values }]) => [
    name,
    [...values],
  ]);
  const parts = Object.entries(state.parts).map(([name, values]) => [
    name,
    { values, tensors: below(`parts/${name}/`) },
  ]);
  return {
    run: JSON.parse(metadata["run"]!) as RunIdentity,
    machine: JSON.parse(metadata["machine"]!) as RunIdentity,
    position: {
      ...state.position,
      order: tensors.get("order")!.values as Int32Array,
      totals: [...tensors.get("totals")!.values],
      curves: Object.fromEntries(curves) as RunPosition["curves"],
    },
    seed: state.seed,
    model: { values: state.model, tensors: Object.fromEntries(tensors) },
    parts: Object.fromEntries(parts) as Checkpoint["parts"],
    saved: new Date(metadata["saved"]!),
  };
}
