/**
 * Widgets: state shared by the page and the code.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { jupyterDisplay } from "../../src/notebook/mime";
import { slider } from "../../src/notebook/slider";
import { Widget } from "../../src/notebook/widget";
import { errorWith } from "../error-with";
import { withHost } from "./notebook-host";

const rendering = "export default { render() {} }";
const counter = () =>
  new Widget({ module: rendering, state: { count: 1, name: "a" } });

test("opens one comm to Jupyter's widgets, and is displayed by its id", async () => {
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
    assert.equal(state._esm, rendering);
    assert.equal(state.count, 1);
    assert.deepEqual(bundle["application/vnd.jupyter.widget-view+json"], {
      version_major: 2,
      version_minor: 1,
      model_id: comm.id,
    });
    assert.equal(bundle["text/plain"], 'Widget {"count":1,"name":"a"}');
  });
});

test("identifies each style, so that the page adds it once", async () => {
  await withHost((opened) => {
    for (const style of ["a { }", "b { }", "a { }", undefined])
      new Widget({
        module: rendering,
        ...(style !== undefined && { style }),
        state: {},
      })[jupyterDisplay]();
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

test("passes the reader's changes to listeners and state", async () => {
  await withHost((opened) => {
    const calls: unknown[] = [];
    const widget = counter().onChange((state, changed) =>
      calls.push([{ ...state }, changed]),
    );
    opened[0]!.comm.receive({ method: "update", state: { count: 5 } });
    opened[0]!.comm.receive({ method: "custom", content: {} });
    assert.deepEqual(calls, [[{ count: 5, name: "a" }, ["count"]]]);
    assert.deepEqual(widget.state, { count: 5, name: "a" });
  });
});

test("sends the code's changes to the page without calling listeners", async () => {
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

test("sends the complete current state when a page requests it", async () => {
  await withHost((opened) => {
    const widget = counter();
    widget[jupyterDisplay]();
    const [{ data, comm }] = opened as [(typeof opened)[0]];
    comm.receive({ method: "update", state: { count: 9 } });
    comm.receive({ method: "request_state" });
    const state = { ...(data.state as object), count: 9 };
    assert.deepEqual(comm.sent, [
      { data: { method: "update", state, buffer_paths: [] }, buffers: [] },
    ]);
  });
});

test("sends the states of all open widgets to a page that connects later", async () => {
  await withHost((opened, openAsPage) => {
    const pixels = new Uint8Array([1, 2]);
    const closed = counter();
    const widgets = [
      counter(),
      closed,
      new Widget({ module: rendering, state: { pixels, width: 2 } }),
    ];
    for (const widget of widgets) widget[jupyterDisplay]();
    closed.close();
    opened[0]!.comm.receive({ method: "update", state: { count: 5 } });
    const control = openAsPage("jupyter.widget.control");
    assert.ok(control, "Expected a registered target, received none.");
    control.receive({ method: "something else" });
    control.receive({ method: "request_states" });
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

test("sends and receives bytes as buffers", async () => {
  await withHost((opened) => {
    const widget = new Widget({
      module: rendering,
      state: { pixels: new Uint8Array([1, 2]), width: 2 },
    });
    widget[jupyterDisplay]();
    const { data, extras, comm } = opened[0]!;
    assert.deepEqual(data.buffer_paths, [["pixels"]]);
    assert.equal("pixels" in (data.state as object), false);
    assert.deepEqual((extras as { buffers: unknown }).buffers, [
      new Uint8Array([1, 2]),
    ]);
    comm.receive(
      { method: "update", state: { width: 1 }, buffer_paths: [["pixels"]] },
      [new Uint8Array([9])],
    );
    assert.deepEqual(widget.state, { pixels: new Uint8Array([9]), width: 1 });
  });
});

test("closing a widget closes its comm", async () => {
  await withHost((opened) => {
    const widget = counter().onChange(() => undefined);
    widget.close();
    assert.equal(opened[0]!.comm.isOpen, false);
    widget.close();
  });
});

test("shows the state as text in plain Node", () => {
  const widget = counter().onChange(() => undefined);
  widget.set({ count: 2 });
  assert.deepEqual(widget[jupyterDisplay](), {
    "text/plain": 'Widget {"count":2,"name":"a"}',
  });
});

test("rejects reserved state names", () => {
  assert.throws(
    () => new Widget({ module: rendering, state: { _esm: "" } }),
    errorWith("ERR_INVALID_VALUE", '"_"', 'received "_esm"'),
  );
});

test("a slider starts at its minimum, and rejects invalid options", () => {
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
    errorWith("ERR_INVALID_VALUE", "`min`", "below `max`", "received 4 and 4"),
  );
  assert.throws(
    () => slider({ step: 0 }),
    errorWith("ERR_INVALID_VALUE", "`step`", "positive number", "received 0"),
  );
  assert.throws(
    () => slider({ value: Number.NaN }),
    errorWith("ERR_INVALID_VALUE", "`value`", "0 to 100", "received NaN"),
  );
});
