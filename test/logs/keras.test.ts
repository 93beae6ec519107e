/**
 * The files of callbacks, compared with those of Keras's callbacks, which run in one process here
 * because it takes seconds to start.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { tf } from "../../src/engine/tensorflow";
import { csvLogger } from "../../src/logs/csv-logger";
import { pythonNumber } from "../../src/logs/python-number";
import { frame } from "../../src/logs/record-file";
import { tensorBoard } from "../../src/logs/tensor-board";
import { temporaryFolder } from "../data/temporary-folder";
import { runKeras } from "../oracles/python";
import { readRuns } from "./events";
import { smallData, smallNetwork } from "./run-model";

const script = `
import os
import numpy as np
import tensorflow as tf

def records():
    name = os.path.join(given["folder"], "records")
    with tf.io.TFRecordWriter(name) as writer:
        for record in given["records"]:
            writer.write(record.encode())
    return open(name, "rb").read().hex()

def table(runs, separator):
    name = os.path.join(given["folder"], "table.csv")
    for number, run in enumerate(runs):
        logger = keras.callbacks.CSVLogger(name, append=number > 0, separator=separator)
        logger.on_train_begin()
        for epoch, logs in run:
            logger.on_epoch_end(epoch, {key: float(value) for key, value in logs.items()})
        logger.on_train_end()
    return open(name, newline="").read()

model = keras.Sequential(name="network", layers=[
    keras.Input((6, 6, 1)),
    keras.layers.Conv2D(4, 3, activation="relu", name="maps"),
    keras.layers.Flatten(name="flat"),
    keras.layers.Dense(3, activation="softmax", name="classes"),
])
model.compile(optimizer=keras.optimizers.Adam(0.01), loss="categorical_crossentropy", metrics=["accuracy"])
x = np.random.rand(20, 6, 6, 1)
y = np.eye(3)[np.arange(20) % 3]
model.fit(x, y, batch_size=8, epochs=3, verbose=0, validation_data=(x, y), callbacks=[
    keras.callbacks.TensorBoard(os.path.join(given["folder"], "keras"), histogram_freq=1, update_freq="batch", write_graph=False)
])
result = {
    "records": records(),
    "tables": [table(*each) for each in given["tables"]],
    "numbers": [repr(float(number)) for number in given["numbers"]],
}
`;

/** Logs of runs, one after the other into one file: epoch and values, as tfjs names them. */
type Runs = readonly (readonly (readonly [
  epoch: number,
  logs: Record<string, string>,
])[])[];

const tables: readonly (readonly [Runs, string])[] = [
  [
    [
      [
        [0, { val_loss: "1", val_acc: "0.5", loss: "0.1", acc: "1e-05" }],
        [1, { val_loss: "nan", val_acc: "1e22", loss: "inf", acc: "-inf" }],
      ],
      [[2, { val_loss: "2", val_acc: "3", loss: "4", acc: "5" }]],
    ],
    ",",
  ],
  [[[[0, { loss: "0.25", "a;name": "1.5", 'a "name"': "2" }]]], ";"],
];

const numbers = [
  ...Array.from(
    { length: 400 },
    (_, index) => Math.sin(index + 1) * 10 ** ((index % 50) - 25),
  ),
  0,
  -0,
  1,
  -7,
  1e-4,
  9.999e-5,
  1e15,
  1e16,
  123456789012345680,
  2 ** 53,
  5e-324,
  Number.MAX_VALUE,
  Math.fround(0.1),
];

/** Writes a table with our callback, without training. */
async function writeTable(
  file: string,
  runs: Runs,
  separator: string,
): Promise<string> {
  for (const [number, run] of runs.entries()) {
    const logger = csvLogger(file, { append: number > 0, separator });
    await logger.onTrainBegin();
    for (const [epoch, logs] of run) {
      const values = Object.entries(logs).map(([name, value]) => [
        name,
        Number(value.replace("inf", "Infinity")),
      ]);
      await logger.onEpochEnd(epoch, Object.fromEntries(values) as tf.Logs);
    }
    await logger.onTrainEnd();
  }
  return fs.readFileSync(file, "utf8");
}

test("Keras's callbacks write the same", async (context) => {
  const folder = await temporaryFolder(context);
  const records = ["", "a", "a record", "\0".repeat(1000)];
  const inKeras = JSON.parse(
    JSON.stringify(tables).replaceAll("acc", "accuracy"),
  ) as typeof tables;
  const expected = await runKeras<{
    records: string;
    tables: string[];
    numbers: string[];
  }>(context, script, {
    folder,
    records,
    tables: inKeras,
    numbers: numbers.map((number) =>
      Object.is(number, -0) ? "-0.0" : String(number),
    ),
  });
  if (expected === undefined) return;

  await context.test("records, as TensorFlow does", () => {
    const written = records.map((record) => frame(Buffer.from(record)));
    assert.equal(Buffer.concat(written).toString("hex"), expected.records);
  });

  await context.test("numbers, as Python does", () => {
    assert.deepEqual(numbers.map(pythonNumber), expected.numbers);
  });

  await context.test("tables, byte for byte", async () => {
    for (const [index, [runs, separator]] of tables.entries()) {
      const file = path.join(folder, `ours-${index}.csv`);
      const written = await writeTable(file, runs, separator);
      assert.equal(written, expected.tables[index]);
    }
  });

  await context.test("names and steps of a TensorBoard run", async (inner) => {
    const ours = path.join(folder, "ours");
    const [x, y] = smallData();
    await smallNetwork().fit(x, y, {
      batchSize: 8,
      epochs: 3,
      verbose: 0,
      validationData: [x, y],
      callbacks: tensorBoard(ours, { histogramFreq: 1, updateFreq: "batch" }),
    });
    const runs = await readRuns(
      inner,
      [ours, path.join(folder, "keras")].flatMap((run) =>
        ["train", "validation"].map((name) => path.join(run, name)),
      ),
    );
    if (runs === undefined) return;
    const [found, keras] = [runs.slice(0, 2), runs.slice(2)].map((pair) =>
      pair.map(({ scalars, histograms }) =>
        Object.entries({ ...scalars, ...histograms })
          .map(([name, values]) => {
            // Keras begins the names of weights with the model's.
            const short = name.replace(/^network\//, "");
            return `${short}: ${values.map(([step]) => step).join()}`;
          })
          .sort(),
      ),
    );
    assert.deepEqual(found, keras);
  });
});
