/**
 * A layer's options, with the strings that mean something else in Keras translated.
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
 * The options over the defaults. Names of initializers that tfjs has in another form, and "hardSigmoid", become those of the Keras form.
 * Does not change what it is given.
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

/** The first tensor of what a layer's `call` is given. */
export function onlyTensor<Given extends object>(
  inputs: Given | readonly Given[],
): Given {
  return Array.isArray(inputs)
    ? (inputs as readonly Given[])[0]!
    : (inputs as Given);
}

/** The shape of a layer's one input, as a copy that may be changed. */
export function onlyShape(
  inputShape: (number | null)[] | (number | null)[][],
): (number | null)[] {
  const [first] = inputShape;
  return [
    ...(Array.isArray(first) ? first : (inputShape as (number | null)[])),
  ];
}
