/**
 * Reads event files with TensorBoard's own reader.
 */
import type { TestContext } from "node:test";
import { runNumpy } from "../oracles/python";

/**
 * What TensorBoard reads of a run: steps and values in the order of the file. Numbers that are not
 * finite are text.
 */
export interface RunContents {
  readonly scalars: Record<
    string,
    readonly (readonly [number, number | string])[]
  >;
  readonly histograms: Record<
    string,
    readonly (readonly [number, number[][]])[]
  >;
  /** Step, width and height as text, and the pixels of each PNG. */
  readonly images: Record<
    string,
    readonly (readonly [number, string, string, number[][][][]])[]
  >;
  /** Name, operation and inputs of each node; null without a graph. */
  readonly graph: readonly (readonly [string, string, string[]])[] | null;
}

/** Pillow, which decodes PNG files, comes with TensorBoard. */
const script = `
import io, sys, types
# TensorBoard's own code instead of TensorFlow, which takes seconds to load.
sys.modules["tensorboard.compat.notf"] = types.ModuleType("notf")
from PIL import Image
from tensorboard.backend.event_processing import event_accumulator
from tensorboard.util import tensor_util

def pixels(png):
    image = np.array(Image.open(io.BytesIO(png)))
    return (image[..., None] if image.ndim == 2 else image).tolist()

def read(folder):
    events = event_accumulator.EventAccumulator(folder, size_guidance={"tensors": 0})
    events.Reload()
    found = {"scalars": {}, "histograms": {}, "images": {}, "graph": None}
    for tag in events.Tags()["tensors"]:
        plugin = events.SummaryMetadata(tag).plugin_data.plugin_name
        values = [(event.step, tensor_util.make_ndarray(event.tensor_proto)) for event in events.Tensors(tag)]
        if plugin == "images":
            values = [
                (step, value[0].decode(), value[1].decode(), [pixels(png) for png in value[2:]])
                for step, value in values
            ]
        elif plugin == "scalars":
            values = [(step, float(value) if np.isfinite(value) else str(value)) for step, value in values]
        else:
            values = [(step, value.tolist()) for step, value in values]
        found[plugin][tag] = values
    if events.Tags()["graph"]:
        found["graph"] = [(node.name, node.op, list(node.input)) for node in events.Graph().node]
    return found

result = [read(folder) for folder in given]
`;

/** Returns the contents of runs; undefined, and the test is skipped, if TensorBoard is missing. */
export async function readRuns(
  context: TestContext,
  folders: readonly string[],
): Promise<readonly RunContents[] | undefined> {
  return runNumpy<RunContents[]>(context, script, folders);
}
