/**
 * The callback for tables: a run's values, resumed runs, and files it must not touch.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { csvLogger } from "../../src/logs/csv-logger";
import { checkpoints } from "../../src/training/checkpoints/checkpoint-callback";
import { setSeed } from "../../src/training/seed";
import { temporaryFolder } from "../data/temporary-folder";
import { errorWith } from "../error-with";
import { smallData, smallNetwork } from "./run-model";

const [x, y] = smallData();
const settings = { batchSize: 8, verbose: 0 } as const;

/** The rows of a table without line ends. */
const rowsOf = (file: string) =>
  fs.readFileSync(file, "utf8").trimEnd().split("\r\n");

describe("csvLogger", () => {
  test("writes a run and appends a resumed one", async (context) => {
    const file = path.join(await temporaryFolder(context), "run.csv");
    const model = smallNetwork();
    const first = await model.fit(x, y, {
      ...settings,
      epochs: 2,
      validationData: [x, y],
      callbacks: csvLogger(file),
    });
    const second = await model.fit(x, y, {
      ...settings,
      epochs: 3,
      initialEpoch: 2,
      validationData: [x, y],
      callbacks: csvLogger(file, { append: true }),
    });
    const [names, ...rows] = rowsOf(file);
    assert.equal(names, "epoch,accuracy,loss,val_accuracy,val_loss");
    assert.deepEqual(
      rows.map((row) => row.split(",").map(Number)),
      [0, 1, 2].map((epoch) => {
        const { history } = epoch < 2 ? first : second;
        const index = epoch < 2 ? epoch : 0;
        return [
          epoch,
          ...["acc", "loss", "val_acc", "val_loss"].map(
            (name) => history[name]![index],
          ),
        ];
      }),
    );
  });

  test("has columns for validation without it", async (context) => {
    const file = path.join(await temporaryFolder(context), "run.csv");
    await smallNetwork().fit(x, y, {
      ...settings,
      epochs: 1,
      callbacks: csvLogger(file, { separator: "\t" }),
    });
    const [names, row] = rowsOf(file);
    assert.equal(names, "epoch\taccuracy\tloss\tval_accuracy\tval_loss");
    assert.match(row!, /^0\t[\d.]+\t[\d.]+\tNA\tNA$/);
  });

  test("removes half a row, and ends a whole one", async (context) => {
    const file = path.join(await temporaryFolder(context), "run.csv");
    const names = "epoch,loss,val_loss\r\n";
    const append = async (before: string) => {
      fs.writeFileSync(file, before);
      const logger = csvLogger(file, { append: true });
      await logger.onTrainBegin();
      await logger.onEpochEnd(1, { loss: 2 });
      await logger.onTrainEnd();
      return fs.readFileSync(file, "utf8");
    };
    const added = "1,2.0,NA\r\n";
    assert.equal(await append(""), names + added);
    assert.equal(await append(names), names + added);
    assert.equal(await append(`${names}0,1.0`), names + added);
    assert.equal(
      await append(`${names}0,1.0,NA`),
      `${names}0,1.0,NA\r\n${added}`,
    );
    assert.equal(await append(`${names}0,1.0,N`), names + added);
    assert.equal(
      await append(`${names}0,1.0,NA\r`),
      `${names}0,1.0,NA\r\n${added}`,
    );
  });

  test("has each epoch of a run with checkpoints once", async (context) => {
    const folder = await temporaryFolder(context);
    const run = (name: string, epochs: number) => {
      setSeed(1);
      return smallNetwork().fit(x, y, {
        ...settings,
        epochs,
        callbacks: [
          checkpoints(path.join(folder, name)),
          csvLogger(path.join(folder, `${name}.csv`)),
        ],
      });
    };
    const text = (name: string) =>
      fs.readFileSync(path.join(folder, `${name}.csv`), "utf8");
    await run("whole", 4);
    await run("first", 2);
    const copy = path.join(folder, "copy");
    fs.cpSync(path.join(folder, "first"), copy, { recursive: true });
    await run("first", 3);
    // As if the run had been killed after the row of the third epoch, before its checkpoint.
    fs.rmSync(path.join(folder, "first"), { recursive: true });
    fs.renameSync(copy, path.join(folder, "first"));
    await run("first", 4);
    assert.equal(rowsOf(path.join(folder, "first.csv")).length, 5);
    assert.equal(text("first"), text("whole"));
    // It is finished, and nothing is trained.
    await run("first", 4);
    assert.equal(text("first"), text("whole"));
  });

  for (const append of [false, true]) {
    test(`has each epoch once if it is stopped within epochs, append ${append}`, async (context) => {
      const folder = await temporaryFolder(context);
      const file = path.join(folder, "run.csv");
      const run = (name: string, place: string, stopAt?: readonly number[]) => {
        setSeed(1);
        const model = smallNetwork();
        let epoch = 0;
        const stop = new tf.CustomCallback({
          onEpochBegin: async (number) => {
            epoch = number;
          },
          onBatchEnd: async (batch) => {
            if (epoch === stopAt?.[0] && batch === stopAt[1]) {
              model.stopTraining = true;
            }
          },
        });
        return model.fit(x, y, {
          ...settings,
          epochs: 3,
          callbacks: [
            checkpoints(path.join(folder, name)),
            csvLogger(place, { append }),
            stop,
          ],
        });
      };
      const whole = path.join(folder, "whole.csv");
      await run("whole", whole);
      for (const stopAt of [[0, 0], [0, 1], [1, 0], [1, 1], undefined]) {
        await run("stopped", file, stopAt);
      }
      assert.equal(
        fs.readFileSync(file, "utf8"),
        fs.readFileSync(whole, "utf8"),
      );
    });
  }

  test("keeps a table with other columns", async (context) => {
    const file = path.join(await temporaryFolder(context), "run.csv");
    fs.writeFileSync(file, "year,rain\n2020,3\n");
    const logger = csvLogger(file, { append: true });
    await logger.onTrainBegin();
    await assert.rejects(
      logger.onEpochEnd(0, { loss: 1 }),
      errorWith("ERR_FILE_FORMAT", "epoch,loss,val_loss", "year,rain"),
    );
    assert.equal(fs.readFileSync(file, "utf8"), "year,rain\n2020,3\n");
  });

  test("rejects wrong separators and files", async (context) => {
    for (const separator of ["", "::", '"', "\n"]) {
      assert.throws(
        () => csvLogger("unused", { separator }),
        errorWith("ERR_INVALID_VALUE", JSON.stringify(separator)),
      );
    }
    const folder = await temporaryFolder(context);
    await assert.rejects(
      csvLogger(folder).onTrainBegin(),
      errorWith("ERR_DISK", folder),
    );
  });

  test(
    "a device is written, not read",
    { skip: !fs.existsSync("/dev/full") && "this system has no /dev/full" },
    async (context) => {
      const run = (file: string) =>
        smallNetwork().fit(x, y, {
          ...settings,
          epochs: 1,
          callbacks: csvLogger(file),
        });
      await run("/dev/null");
      const folder = path.join(await temporaryFolder(context), "run");
      for (const epochs of [1, 2]) {
        setSeed(1);
        await smallNetwork().fit(x, y, {
          ...settings,
          epochs,
          callbacks: [checkpoints(folder), csvLogger("/dev/null")],
        });
      }
      await assert.rejects(
        run("/dev/full"),
        errorWith("ERR_DISK", "/dev/full", "ENOSPC"),
      );
    },
  );
});
