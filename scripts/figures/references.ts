/**
 * Reference images: how each exhibit looked when it was last accepted, in a quarter of its size.
 */
import fs from "node:fs";
import path from "node:path";
import { tf } from "../../src/engine/tensorflow";
import { decode, difference, shrink, type Pixels } from "./likeness";

/** The folder of the references in the project. */
export const referenceFolder = path.join(
  ...[__dirname, "..", "..", "test", "plots", "references"],
);

/** How many times smaller a reference is, and the steps of its colors: both for small files. */
const factor = 4;
const colorStep = 17;

/** An exhibit and its reference. */
export interface Verdict {
  readonly state: "same" | "changed" | "new";
  /** The {@link difference} from the reference; 1 without one. */
  readonly difference: number;
}

/** Returns the file of an exhibit's reference. */
export function referenceFile(name: string, folder = referenceFolder): string {
  return path.join(folder, `${name}.png`);
}

/** Compares an exhibit's PNG with its reference. */
export function compare(
  name: string,
  png: Uint8Array,
  tolerance: number,
  folder = referenceFolder,
): Verdict {
  const file = referenceFile(name, folder);
  if (!fs.existsSync(file)) return { state: "new", difference: 1 };
  const found = difference(decode(fs.readFileSync(file)), small(png));
  return {
    state: found > tolerance ? "changed" : "same",
    difference: found,
  };
}

/** Makes an exhibit's PNG its reference. */
export async function writeReference(
  name: string,
  png: Uint8Array,
  folder = referenceFolder,
): Promise<void> {
  const { width, height, values } = small(png);
  const tensor = tf.tensor3d(
    Int32Array.from(values),
    [height, width, 3],
    "int32",
  );
  try {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(
      referenceFile(name, folder),
      await tf.node.encodePng(tensor, 9),
    );
  } finally {
    tensor.dispose();
  }
}

/** Deletes the references of exhibits that no longer exist, and returns their names. */
export function removeOthers(
  names: readonly string[],
  folder = referenceFolder,
): string[] {
  if (!fs.existsSync(folder)) return [];
  const others = fs
    .readdirSync(folder)
    .filter((file) => file.endsWith(".png"))
    .map((file) => file.slice(0, -".png".length))
    .filter((name) => !names.includes(name));
  for (const name of others) fs.rmSync(referenceFile(name, folder));
  return others;
}

/** Reduces an exhibit's PNG to the size and the colors of a reference. */
function small(png: Uint8Array): Pixels {
  const image = decode(png);
  const width = Math.max(1, Math.round(image.width / factor));
  const height = Math.max(1, Math.round(image.height / factor));
  const values = Uint8Array.from(
    shrink(image, width, height),
    (value) => Math.round(value / colorStep) * colorStep,
  );
  return { width, height, values };
}
