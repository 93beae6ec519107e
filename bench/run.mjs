/**
 * `npm run bench -- NAME`.
 *
 * Speed is only ever given as a ratio to a peer measured in the same run: the competitors take turns, each in a fresh
 * process, and the order changes every turn.
 */

const benches = {
  training: {
    about:
      "the course's models trained by convnotes, stock tfjs, Keras and PyTorch, by turns",
    open: () => import("./training.mjs"),
  },
  augmentation: {
    about: "what flips and shifts of the pictures add to a training step",
    open: () => import("./augmentation.mjs"),
  },
  engine: {
    about:
      "the engine beside plain TensorFlow.js where it could cost something",
    open: () => import("./engine.mjs"),
  },
  kernel: {
    about: "how soon the kernel answers, beside ipykernel and Deno",
    open: () => import("./kernel.mjs"),
  },
  "native-checker": {
    about: "the kernel's checker of cells beside TypeScript 7's",
    open: () => import("./native-checker.mjs"),
  },
  data: {
    about: "how long CIFAR-10's files take to be read, beside NumPy",
    open: () => import("./data.mjs"),
  },
  "convolution-share": {
    about: "how much of a training step the convolutions' own code takes",
    open: () => import("./convolution-share.mjs"),
  },
};

const [name, ...parameters] = process.argv.slice(2);
if (Object.hasOwn(benches, name ?? "")) {
  try {
    const { run } = await benches[name].open();
    process.exitCode = await run(parameters);
  } catch (error) {
    // What was asked for cannot be: a sentence says it. Anything else is a mistake of the bench, told with its place.
    const told =
      error.constructor === Error || error.code?.startsWith("ERR_PARSE_ARGS");
    console.error(told ? error.message : error);
    process.exitCode = 1;
  }
} else {
  const lines = Object.entries(benches).map(
    ([name, { about }]) => `  ${name.padEnd(19)}${about}`,
  );
  console.log(
    `Usage: npm run bench -- NAME [options]\n\n${lines.join("\n")}\n\nnpm run bench -- NAME --help says what a bench can be told.`,
  );
  const asked = name === undefined || ["--help", "-h"].includes(name);
  if (!asked) {
    console.error(
      `\nExpected the bench to be one of ${Object.keys(benches).join(", ")}, received "${name}".`,
    );
  }
  process.exitCode = name === "--help" || name === "-h" ? 0 : 1;
}
