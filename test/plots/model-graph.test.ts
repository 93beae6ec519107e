/**
 * Diagrams of models: every layer once, every connection drawn, no overlaps.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import type { Figure } from "../../src/plots/figure";
import { modelGraph } from "../../src/plots/model-graph";

interface Part {
  type: "rect" | "line";
  x0: number;
  x1: number;
  y0: number;
  y1: number;
}

function partsOf(graph: Figure) {
  const shapes = graph.layout.shapes as unknown as Part[];
  return {
    boxes: shapes.filter(({ type }) => type === "rect"),
    lines: shapes.filter(({ type }) => type === "line"),
    labels: (graph.layout.annotations ?? []).map(({ text }) => text),
  };
}

const conv = (kernelSize: number, filters: number) =>
  tf.layers.conv2d({
    filters,
    kernelSize,
    padding: "same",
    activation: "relu",
  });

/** A shortcut around two convolutions, whose line crosses two rows. */
function shortcut(): tf.LayersModel {
  const input = tf.input({ shape: [8, 8, 2] });
  const first = conv(3, 2).apply(input);
  const second = conv(3, 2).apply(first);
  const sum = tf.layers.add().apply([input, second as tf.SymbolicTensor]);
  return tf.model({ inputs: input, outputs: sum as tf.SymbolicTensor });
}

test("draws a box for each layer with its description and shape", () => {
  const { boxes, labels } = partsOf(modelGraph(shortcut()));
  assert.equal(boxes.length, 4);
  assert.deepEqual(labels, [
    "input<br><b>8 × 8 × 2</b>",
    "convolution 3 × 3, relu<br><b>8 × 8 × 2</b>",
    "convolution 3 × 3, relu<br><b>8 × 8 × 2</b>",
    "add<br><b>8 × 8 × 2</b>",
  ]);
});

test("draws two unbroken connections from the input's lower edge to the sum's upper edge", () => {
  const { boxes, lines } = partsOf(modelGraph(shortcut()));
  const [input, , , sum] = boxes;
  const middle = ({ x0, x1 }: Part) => (x0 + x1) / 2;
  const leave = lines.filter(({ y0 }) => y0 === input!.y1);
  assert.equal(leave.length, 2);
  for (const start of leave) {
    assert.equal(start.x0, middle(input!));
    let end = start;
    for (let hops = 0; end.y1 !== sum!.y0; hops++) {
      assert.ok(hops < 10, "a line ends nowhere");
      const box = boxes.find(
        (each) => each.y0 === end.y1 && middle(each) === end.x1,
      );
      const next = lines.find(
        ({ x0, y0 }) => y0 === (box?.y1 ?? end.y1) && x0 === end.x1,
      );
      assert.ok(next, "a line ends nowhere");
      end = next;
    }
    assert.equal(end.x1, middle(sum!));
  }
});

test("draws no overlapping boxes, and no vertical line through a box", () => {
  const input = tf.input({ shape: [8, 8, 4] });
  const branches = [
    conv(1, 4).apply(input),
    conv(3, 4).apply(conv(1, 2).apply(input)),
    conv(5, 4).apply(conv(1, 2).apply(input)),
    conv(1, 4).apply(
      tf.layers
        .maxPooling2d({ poolSize: 3, strides: 1, padding: "same" })
        .apply(input),
    ),
  ] as tf.SymbolicTensor[];
  const joined = tf.layers.concatenate().apply(branches) as tf.SymbolicTensor;
  const graph = modelGraph(tf.model({ inputs: input, outputs: joined }));
  const { boxes, lines } = partsOf(graph);
  assert.equal(boxes.length, 9);
  boxes.forEach((one, index) => {
    for (const other of boxes.slice(index + 1)) {
      assert.ok(
        one.x1 <= other.x0 ||
          other.x1 <= one.x0 ||
          one.y1 <= other.y0 ||
          other.y1 <= one.y0,
      );
    }
    for (const { x0, x1, y0, y1 } of lines.filter(
      (line) => line.x0 === line.x1,
    ))
      assert.ok(x1 <= one.x0 || x0 >= one.x1 || y1 <= one.y0 || y0 >= one.y1);
  });
  assert.match(graph.toString(), /^concatenate: 8 × 8 × 16$/m);
});

test("rejects a layer that is used twice", () => {
  const layer = tf.layers.dense({ units: 3 });
  const input = tf.input({ shape: [3] });
  const output = layer.apply(layer.apply(input)) as tf.SymbolicTensor;
  assert.throws(
    () => modelGraph(tf.model({ inputs: input, outputs: output })),
    /used once/,
  );
});
