/**
 * Tests that the internals of TensorFlow.js that the engine uses are those of the installed
 * version.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { dependencies } from "../../src/package.json";
import { backendInternals } from "../../src/engine/tfjs/backend-internals";
import { layersExports } from "../../src/engine/tfjs/callback-internals";
import { tfjsEngine } from "../../src/engine/tfjs/engine-state";
import { messages } from "../../src/engine/tfjs/graph-messages";
import { checkVersions } from "../../src/engine/tfjs/known-version";
import { layerPrototypes } from "../../src/engine/tfjs/layer-internals";
import { tf } from "../../src/engine/tfjs/library";
import { modelPrototype } from "../../src/engine/tfjs/model-internals";
import { optimizerInternals } from "../../src/engine/tfjs/optimizer-internals";
import { tfjsRegistries } from "../../src/engine/tfjs/registries";
import { errorWith } from "../error-with";

const known = dependencies["@tensorflow/tfjs-node"];

test("the version of package.json is accepted", () => {
  checkVersions();
  assert.equal(tf.version["tfjs-node"], known);
});

for (const name of ["tfjs", "tfjs-core", "tfjs-layers", "tfjs-node"]) {
  test(`another version of ${name} is rejected, with what to do`, () => {
    assert.throws(
      () => checkVersions({ ...tf.version, [name]: "4.23.0" }),
      errorWith(
        "ERR_VERSION",
        `@tensorflow/${name} ${known}`,
        "4.23.0",
        `npm install @tensorflow/tfjs-node@${known}`,
        "CONVNOTES_ENGINE=off",
      ),
    );
  });
}

test("a package without a version is rejected", () => {
  assert.throws(
    () => checkVersions({}),
    errorWith("ERR_VERSION", known, "no version"),
  );
});

/** Loads the engine in a process of its own, beside another version of tfjs-layers. */
function loadBesideOtherLayers(state: string) {
  const program = `
    const tf = require("@tensorflow/tfjs-node");
    tf.version["tfjs-layers"] = "4.23.0";
    const { isEngineOn } = require("./src/engine");
    console.log("the engine is " + (isEngineOn() ? "on" : "off"));
  `;
  return spawnSync(
    process.execPath,
    ["-r", "./src/engine/node-compatibility", "-e", program],
    {
      cwd: join(__dirname, "..", ".."),
      encoding: "utf8",
      env: {
        ...process.env,
        NODE_OPTIONS: "-r ts-node/register/transpile-only",
        CONVNOTES_ENGINE: state,
      },
    },
  );
}

test("the engine is not loaded beside another version, unless it is off", () => {
  const on = loadBesideOtherLayers("on");
  assert.match(on.stderr, /@tensorflow\/tfjs-layers/);
  assert.match(on.stderr, /ERR_VERSION/);
  assert.notEqual(on.status, 0);
  const off = loadBesideOtherLayers("off");
  assert.equal(off.stdout, "the engine is off\n", off.stderr);
});

/** Asserts that an object has methods. */
function hasMethods(object: object, names: readonly string[]): void {
  for (const name of names) {
    const member = (object as Record<string, unknown>)[name];
    assert.equal(typeof member, "function", name);
  }
}

test("tfjs's engine and its state have the members that are used", () => {
  const engine = tfjsEngine();
  hasMethods(engine, [
    "trackTensor",
    "disposeTensor",
    "endScope",
    "gradients",
    "read",
    "reset",
    "removeDataId",
    "makeTensorFromTensorInfo",
  ]);
  const { state } = engine;
  assert.equal(engine.backendName, "tensorflow");
  assert.equal(engine.backendInstance, tf.backend());
  for (const name of ["numBytes", "numDataBuffers", "gradientDepth"] as const) {
    assert.equal(typeof state[name], "number", name);
  }
  assert.equal(state.profiling, false);
  assert.ok(Array.isArray(state.scopeStack));
  assert.equal(typeof state.registeredVariables, "object");
  hasMethods(state.tensorInfo, ["has", "set", "delete"]);
  tf.tidy(() => {
    const { activeScope } = state;
    assert.equal(activeScope, state.scopeStack.at(-1));
    const tensor = tf.scalar(1);
    assert.ok(activeScope!.track.some((each) => each === (tensor as object)));
    assert.equal((tensor as { scopeId?: number }).scopeId, activeScope!.id);
  });
});

test("tfjs-node's backend has the members that are used", () => {
  const backend = backendInternals();
  hasMethods(backend, [
    "executeSingleOutput",
    "executeMultipleOutputs",
    "readSync",
    "write",
    "getInputTensorIds",
    "disposeData",
    "loadSavedModelMetaGraph",
    "runSavedModel",
    "deleteSavedModel",
  ]);
  hasMethods(backend.binding, ["executeOp", "createTensor", "deleteTensor"]);
  const tensor = tf.tensor([1, 2], [2]);
  const data = backend.tensorMap.get(tensor.dataId);
  assert.deepEqual(data.shape, [2]);
  assert.equal(data.dtype, 1);
  assert.equal(data.id, -1);
  assert.equal(data.refCount, 1);
  const [id] = backend.getInputTensorIds([tensor]);
  assert.equal(backend.tensorMap.get(tensor.dataId).id, id);
  tensor.dispose();
  assert.ok(!backend.tensorMap.has(tensor.dataId));
});

test("models, layers, optimizers and registries have the members that are used", () => {
  hasMethods(modelPrototype, [
    "dispose",
    "makeTrainFunction",
    "makeTestFunction",
    "predictLoop",
    "testLoop",
    "fitLoop",
  ]);
  hasMethods(tf.layers.Layer.prototype, ["apply", "addWeight"]);
  for (const [name, prototype] of Object.entries(layerPrototypes())) {
    assert.equal(prototype.constructor.name, name);
    assert.ok(Object.hasOwn(prototype, "call"), name);
  }
  const optimizer = tf.train.sgd(0.5);
  hasMethods(optimizerInternals(optimizer), ["incrementIterations"]);
  assert.equal(
    (optimizerInternals(optimizer).c as tf.Scalar).dataSync()[0],
    -0.5,
  );
  const [kernels, gradients] = tfjsRegistries();
  assert.ok(
    kernels!.has("tensorflow_MatMul") || kernels!.has("tensorflow_Add"),
  );
  assert.ok(gradients!.has("Add"));
  hasMethods(layersExports, ["registerCallbackConstructor"]);
  hasMethods(messages, ["SavedModel", "MetaGraphDef", "GraphDef", "NodeDef"]);
});
