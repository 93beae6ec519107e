/**
 * Translation of layer options whose string values have another meaning in Keras.
 */
import {
  glorotNormal,
  heNormal,
  leCunNormal,
  truncatedNormal,
  type Initializer,
} from "../initializers";
import { hardSigmoidName } from "../activations";

const initializers: Readonly<Record<string, () => Initializer>> = {
  glorotNormal,
  heNormal,
  leCunNormal,
  truncatedNormal,
};

/**
 * Merges options with defaults. Replaces names of initializers that differ in tfjs, and
 * "hardSigmoid", by their Keras-compatible versions. Does not modify its arguments.
 */
export function kerasOptions<Options extends object>(
  options: Options,
  defaults: Partial<Options> = {},
): Options {
  const given = Object.entries(options).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  const all = Object.entries({ ...defaults, ...Object.fromEntries(given) });
  return Object.fromEntries(
    all.map(([name, value]) => [name, translated(name, value)]),
  ) as Options;
}

function translated(name: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (name.endsWith("nitializer")) return initializers[value]?.() ?? value;
  return value === "hardSigmoid" ? hardSigmoidName : value;
}

/** Returns the only tensor among the inputs of a layer's `call`. */
export function onlyTensor<Given extends object>(
  inputs: Given | readonly Given[],
): Given {
  return Array.isArray(inputs)
    ? (inputs as readonly Given[])[0]!
    : (inputs as Given);
}

/** Returns a copy of the shape of a layer's only input. */
export function onlyShape(
  inputShape: (number | null)[] | (number | null)[][],
): (number | null)[] {
  const [first] = inputShape;
  return [
    ...(Array.isArray(first) ? first : (inputShape as (number | null)[])),
  ];
}
