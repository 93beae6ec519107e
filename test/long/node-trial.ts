/**
 * A program for each version of Node: starts a kernel on the Node that it runs on itself, runs two cells with TensorFlow.js as it
 * comes, and prints what came of it as JSON.
 */
import { KernelClient } from "../kernel/kernel-client";
import { commandOf } from "../kernel/processes";

/** What the program prints. */
export interface NodeTrial {
  /** The version of Node in which the cells ran. */
  readonly version: string | undefined;
  /** The command line of the process that checked them. */
  readonly compiler: string;
  /** What the cell with TensorFlow.js has shown. */
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
