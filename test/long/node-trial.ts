/**
 * A program to run with each version of Node: starts a kernel with its own Node, runs two cells
 * with plain TensorFlow.js, and prints the results as JSON.
 */
import { KernelClient } from "../kernel/kernel-client";
import { commandOf } from "../kernel/processes";

/** The program's output. */
export interface NodeTrial {
  /** The version of Node that ran the cells. */
  readonly version: string | undefined;
  /** The command line of the process that type-checked them. */
  readonly compiler: string;
  /** The result of the cell with TensorFlow.js. */
  readonly trained: string | undefined;
}

async function main(): Promise<void> {
  const kernel = await KernelClient.start();
  try {
    const { result: version } = await kernel.run("process.version");
    await kernel.run('import * as tf from "@tensorflow/tfjs-node";');
    const { result: trained } = await kernel.run(
      [
        "const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });",
        'model.compile({ optimizer: "adam", loss: "meanSquaredError" });',
        "const { epoch } = await model.fit(tf.ones([4, 2]), tf.ones([4, 1]), { epochs: 3, verbose: 0 });",
        "[epoch, tf.topk(tf.tensor([1, 3, 2]), 1).values.arraySync()]",
      ].join("\n"),
    );
    const compiler = commandOf(kernel.compilerPid ?? -1);
    const trial: NodeTrial = { version, compiler, trained };
    console.log(JSON.stringify(trial));
  } finally {
    await kernel.close();
  }
}

if (require.main === module) {
  main().catch((error: Error) => {
    console.error(error);
    process.exitCode = 1;
  });
}
