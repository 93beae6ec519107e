/**
 * Widgets: a state that the page and the code both know.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { jupyterDisplay } from "../../src/notebook/mime";
import { slider } from "../../src/notebook/slider";
import { Widget } from "../../src/notebook/widget";
import { withHost } from "./notebook-host";

const drawing = "export default { render() {} }";
const counter = () =>
  new Widget({ module: drawing, state: { count: 1, name: "a" } });

test("a widget opens one comm to Jupyter's widgets, and shows itself by its id", async () => {
  await withHost((opened) => {
    const widget = counter();
    assert.equal(opened.length, 0);
    const bundle = widget[jupyterDisplay]();
    widget[jupyterDisplay]();
    assert.equal(opened.length, 1);
    const [{ target, data, extras, comm }] = opened as [(typeof opened)[0]];
    assert.equal(target, "jupyter.widget");
    assert.deepEqual(data.buffer_paths, []);
    assert.deepEqual(extras, { metadata: { version: "2.1.0" }, buffers: [] });
    const state = data.state as Record<string, unknown>;
    assert.equal(state._model_module, "anywidget");
    assert.equal(state._view_name, "AnyView");
    assert.equal(state._esm, drawing);
    assert.equal(state.count, 1);
    assert.deepEqual(bundle["application/vnd.jupyter.widget-view+json"], {
      version_major: 2,
      version_minor: 1,
      model_id: comm.id,
    });
    assert.equal(bundle["text/plain"], 'Widget {"count":1,"name":"a"}');
  });
});

test("each style has a name of its own, under which the page keeps it once", async () => {
  await withHost((opened) => {
    for (const style of ["a { }", "b { }", "a { }", undefined])
      new Widget({ module: drawing, style, state: {} })[jupyterDisplay]();
    const [first, second, third, none] = opened.map(
      ({ data }) => data.state as Record<string, unknown>,
    );
    assert.match(String(first?._anywidget_id), /^convnotes-[0-9a-f]{16}$/);
    assert.equal(first?._css, "a { }");
    assert.notEqual(second?._anywidget_id, first?._anywidget_id);
    assert.equal(third?._anywidget_id, first?._anywidget_id);
    assert.ok(none && !("_anywidget_id" in none) && !("_css" in none));
  });
});

test("what the reader changes reaches the listeners and the state", async () => {
  await withHost((opened) => {
    const heard: unknown[] = [];
    const widget = counter().onChange((state, changed) =>
      heard.push([{ ...state }, changed]),
    );
    opened[0]!.comm.speak({ method: "update", state: { count: 5 } });
    opened[0]!.comm.speak({ method: "custom", content: {} });
    assert.deepEqual(heard, [[{ count: 5, name: "a" }, ["count"]]]);
    assert.deepEqual(widget.state, { count: 5, name: "a" });
  });
});

test("what the code changes reaches the page and no listener", async () => {
  await withHost((opened) => {
    const widget = counter().onChange(() => assert.fail("not the reader's"));
    widget.set({ name: "b" });
    assert.deepEqual(opened[0]!.comm.sent, [
      {
        data: { method: "update", state: { name: "b" }, buffer_paths: [] },
        buffers: [],
      },
    ]);
    assert.equal(widget.state.name, "b");
  });
});

test("a page that asks for the state gets all of it, as it was told first and with the newest values", async () => {
  await withHost((opened) => {
    const widget = counter();
    widget[jupyterDisplay]();
    const [{ data, comm }] = opened as [(typeof opened)[0]];
    comm.speak({ method: "update", state: { count: 9 } });
    comm.speak({ method: "request_state" });
    const state = { ...(data.state as object), count: 9 };
    assert.deepEqual(comm.sent, [
      { data: { method: "update", state, buffer_paths: [] }, buffers: [] },
    ]);
  });
});

test("a page that comes later is told of all widgets that are open", async () => {
  await withHost((opened, openAsPage) => {
    const pixels = new Uint8Array([1, 2]);
    const closed = counter();
    const widgets = [
      counter(),
      closed,
      new Widget({ module: drawing, state: { pixels, width: 2 } }),
    ];
    for (const widget of widgets) widget[jupyterDisplay]();
    closed.close();
    opened[0]!.comm.speak({ method: "update", state: { count: 5 } });
    const control = openAsPage("jupyter.widget.control");
    assert.ok(control, "Expected a target that is registered, received none.");
    control.speak({ method: "something else" });
    control.speak({ method: "request_states" });
    const entry = (state: object) => ({
      model_name: "AnyModel",
      model_module: "anywidget",
      model_module_version: "*",
      state,
    });
    const states = opened.map(({ data }) => data.state as object);
    assert.deepEqual(control.sent, [
      {
        data: {
          method: "update_states",
          states: {
            "comm-1": entry({ ...states[0], count: 5 }),
            "comm-3": entry({ ...states[2] }),
          },
          buffer_paths: [["comm-3", "pixels"]],
        },
        buffers: [pixels],
      },
    ]);
  });
});

test("bytes travel beside the rest, both ways", async () => {
  await withHost((opened) => {
    const widget = new Widget({
      module: drawing,
      state: { pixels: new Uint8Array([1, 2]), width: 2 },
    });
    widget[jupyterDisplay]();
    const { data, extras, comm } = opened[0]!;
    assert.deepEqual(data.buffer_paths, [["pixels"]]);
    assert.equal("pixels" in (data.state as object), false);
    assert.deepEqual((extras as { buffers: unknown }).buffers, [
      new Uint8Array([1, 2]),
    ]);
    comm.speak(
      { method: "update", state: { width: 1 }, buffer_paths: [["pixels"]] },
      [new Uint8Array([9])],
    );
    assert.deepEqual(widget.state, { pixels: new Uint8Array([9]), width: 1 });
  });
});

test("a closed widget leaves the page", async () => {
  await withHost((opened) => {
    const widget = counter().onChange(() => undefined);
    widget.close();
    assert.equal(opened[0]!.comm.isOpen, false);
    widget.close();
  });
});

test("in plain Node a widget is its state", () => {
  const widget = counter().onChange(() => undefined);
  widget.set({ count: 2 });
  assert.deepEqual(widget[jupyterDisplay](), {
    "text/plain": 'Widget {"count":2,"name":"a"}',
  });
});

test("a name that the protocol has for itself is refused", () => {
  assert.throws(
    () => new Widget({ module: drawing, state: { _esm: "" } }),
    new TypeError(
      'Expected names of a widget\'s state that do not begin with "_", received "_esm"',
    ),
  );
});

test("a slider begins at its least value, and refuses what cannot be", () => {
  assert.deepEqual(slider().state, {
    min: 0,
    max: 100,
    step: 1,
    label: "",
    value: 0,
  });
  assert.equal(slider({ min: 2, max: 4 }).state.value, 2);
  assert.throws(
    () => slider({ min: 4, max: 4 }),
    new RangeError("Expected min below max, received 4 and 4"),
  );
  assert.throws(
    () => slider({ step: 0 }),
    new RangeError("Expected a positive step, received 0"),
  );
  assert.throws(
    () => slider({ value: Number.NaN }),
    new RangeError("Expected a value from 0 to 100, received NaN"),
  );
});
