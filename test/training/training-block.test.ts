/**
 * Tests the output block of a training run in a notebook: as a widget, without one, and at its end.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import type { MimeBundle } from "../../src/notebook/mime";
import { fit, historyOf } from "../../src/training/fit";
import { withHost } from "../notebook/notebook-host";

const VIEW = "application/vnd.jupyter.widget-view+json";

/** Returns a small model and samples for it. */
function smallTraining(count = 64) {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [4] })],
  });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const x = tf.randomNormal([count, 4], 0, 1, "float32", 1);
  const y = tf.randomNormal([count, 1], 0, 1, "float32", 2);
  return { model, x, y };
}

type Opened = Parameters<Parameters<typeof withHost>[0]>[0];

/** Sends a change of the widget's state as the page does. */
function change(opened: Opened, state: Record<string, unknown>): void {
  opened[0]!.comm.receive({ method: "update", state, buffer_paths: [] });
}

/** The states that were sent to the page, merged. */
function stateOf(opened: Opened): Record<string, unknown> {
  const [{ data, comm }] = opened as [Opened[number]];
  const updates = comm.sent.map(
    (sent) => (sent as { data: { state: object } }).data.state,
  );
  return Object.assign({}, data.state, ...updates) as Record<string, unknown>;
}

/** The picture in a bundle, as SVG. */
function pictureOf(bundle: MimeBundle): string {
  const address = /src="data:image\/svg\+xml;base64,([^"]+)"/;
  const [, base64 = ""] = address.exec(String(bundle["text/html"])) ?? [];
  return Buffer.from(base64, "base64").toString();
}

describe("the block of a training run", () => {
  test("is a widget where a user can answer, with progress for pages without widgets", async () => {
    const { model, x, y } = smallTraining();
    const { shown, result } = await withHost(async (opened) => {
      await fit(model, x, y, { epochs: 3, batchSize: 8, seed: 1 });
      return { count: opened.length, state: stateOf(opened) };
    }, true);
    assert.equal(result.count, 1);
    const [first, last] = [shown[0]!.bundle, shown.at(-1)!.bundle];
    assert.ok(first[VIEW]);
    assert.match(String(first["text/plain"]), /^epoch 1\/3/);
    assert.match(String(first["text/html"]), /<progress/);
    assert.equal(last[VIEW], undefined);
    assert.match(String(last["text/plain"]), /^epoch +time +loss/);
  });

  test("grows a chart in the widget, and shows the result in it for pages that were reloaded", async () => {
    const { model, x, y } = smallTraining();
    const charts: unknown[] = [];
    const { result, shown } = await withHost(async (opened) => {
      await fit(model, x, y, {
        epochs: 3,
        batchSize: 8,
        validationData: [x, y],
        onEpochEnd: async () => {
          change(opened, { shown: true });
          // Longer than the time between updates of the block.
          await new Promise((resolve) => setTimeout(resolve, 300));
          charts.push(stateOf(opened).chart);
        },
      });
      return stateOf(opened);
    }, true);
    assert.match(String(charts[2]), /^<svg.*>loss<.*validation/s);
    assert.notEqual(charts[2], charts[1]);
    assert.equal(result.done, 1);
    assert.match(String(result.result), /<table[^]*<img/);
    // While the page shows the widget, the block itself is updated once, at the end.
    assert.equal(shown.length, 2);
  });

  test("shows a line of progress if no page shows the widget within some seconds", async () => {
    const { model, x, y } = smallTraining();
    const { shown, result } = await withHost(async (opened) => {
      await fit(model, x, y, {
        epochs: 4,
        batchSize: 8,
        onEpochEnd: () => new Promise((resolve) => setTimeout(resolve, 1100)),
      });
      return opened[0]!.comm.isOpen;
    }, true);
    assert.equal(result, false, "The widget is closed.");
    const [, update] = shown;
    assert.equal(update!.bundle[VIEW], undefined);
    assert.match(String(update!.bundle["text/html"]), /<progress/);
  });

  test("is stopped by the button: the model and the history are kept", async () => {
    const { model, x, y } = smallTraining();
    const { result, shown } = await withHost(async (opened) => {
      const history = await fit(model, x, y, {
        epochs: 50,
        batchSize: 8,
        onEpochEnd: (epoch) => {
          if (epoch === 2) change(opened, { stop: true });
        },
      });
      return history;
    }, true);
    assert.deepEqual(result.epochs, [1, 2]);
    assert.equal(historyOf(model).epochs.length, 2);
    assert.match(
      String(shown.at(-1)!.bundle["text/plain"]),
      /Stopped after 2 of 50 epochs/,
    );
    const weights = model.getWeights()[0]!.dataSync();
    const again = await fit(model, x, y, { epochs: 1, progress: false });
    assert.equal(again.epochs.length, 1, "A later run is not stopped.");
    assert.notDeepEqual(model.getWeights()[0]!.dataSync(), weights);
  });

  test("opens no widget in programs that execute notebooks", async () => {
    const { model, x, y } = smallTraining();
    const { result, shown } = await withHost(async (opened) => {
      await fit(model, x, y, { epochs: 2, batchSize: 8 });
      return opened.length;
    });
    assert.equal(result, 0);
    assert.ok(shown.every(({ bundle }) => bundle[VIEW] === undefined));
  });

  test("ends with the table and one picture of the curves, described in words", async () => {
    const { model, x, y } = smallTraining();
    const { shown, result } = await withHost(() =>
      fit(model, x, y, { epochs: 3, batchSize: 8, validationData: [x, y] }),
    );
    const { bundle } = shown.at(-1)!;
    const html = String(bundle["text/html"]);
    assert.equal(html.match(/<img/g)?.length, 1);
    const [first, last] = [result.val_loss[0]!, result.val_loss.at(-1)!];
    assert.ok(
      html.includes(`val_loss from ${first.toFixed(4)} to ${last.toFixed(4)}`),
      html.slice(-400),
    );
    const picture = pictureOf(bundle);
    assert.match(picture, /^<svg[^]*<rect[^]*fill="white"/);
    assert.equal(picture.match(/<circle/g)?.length, 3);
  });

  test("has no picture of a single epoch", async () => {
    const { model, x, y } = smallTraining();
    const { shown } = await withHost(() =>
      fit(model, x, y, { epochs: 1, batchSize: 8 }),
    );
    assert.doesNotMatch(String(shown.at(-1)!.bundle["text/html"]), /<img/);
  });
});
