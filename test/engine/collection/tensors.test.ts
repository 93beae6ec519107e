import assert from "node:assert/strict";
import { before, test } from "node:test";
import { startCollecting } from "../../../src/engine/collection";
import { tf } from "../../../src/engine/tensorflow";
import { assertSettles, counts, settledCounts } from "./memory";

before(() => {
  startCollecting();
});

/** Runs a function and drops its result, in a separate function so that no local keeps it. */
function run(work: () => unknown): void {
  work();
}

async function assertFreed(work: () => unknown, made: number): Promise<void> {
  const start = await settledCounts();
  run(work);
  assert.equal(counts().tensors - start.tensors, made);
  await assertSettles(start);
  // It is not freed a second time either.
  assert.deepEqual(await settledCounts(), start);
}

test("a tensor that is dropped is freed", async () => {
  await assertFreed(() => tf.ones([1000]).add(1), 2);
});

test("a tensor with values that TensorFlow has not received is freed", async () => {
  await assertFreed(() => tf.tensor([1, 2, 3]), 1);
});

for (const dtype of ["float32", "int32", "bool"] as const) {
  test(`dropped tensors of ${dtype} are freed`, async () => {
    await assertFreed(() => tf.zeros([7, 3], dtype).reshape([21]), 2);
  });
}

test("dropped tensors of strings are freed", async () => {
  await assertFreed(() => tf.tensor(["one", "two", "three"]), 1);
});

test("dropped complex tensors and their parts are freed", async () => {
  await assertFreed(() => {
    const complex = tf.complex([1, 2], [3, 4]);
    return [tf.real(complex), tf.imag(complex), complex.clone()];
  }, 4);
});

test("clones share data, which is freed with the last of them", async () => {
  const start = await settledCounts();
  const kept = (() => {
    const original = tf.range(0, 100).add(0);
    original.clone();
    return original.reshape([10, 10]);
  })();
  const shared = await settledCounts();
  assert.equal(shared.tensors - start.tensors, 1);
  assert.equal(shared.buffers - start.buffers, 1);
  assert.equal(shared.handles - start.handles, 1);
  assert.equal(kept.dataSync()[99], 99);
  kept.dispose();
  assert.deepEqual(counts(), start);
  await assertSettles(start);
});

test("the original is disposed, the clone is dropped", async () => {
  await assertFreed(() => {
    const original = tf.range(0, 10).add(0);
    original.clone();
    original.dispose();
  }, 2); // the clone, and the tensor created by `range`
});

test("results of a tidy are freed when dropped, other tensors are disposed of at its end", async () => {
  await assertFreed(
    () =>
      tf.tidy(() => {
        const inner = tf.tidy(() => tf.ones([10]).add(1).mul(2));
        return [inner, inner.add(1)];
      }),
    2,
  );
});

test("kept tensors survive their scopes and are freed when dropped", async () => {
  const start = await settledCounts();
  await (async () => {
    const kept = tf.tidy(() => {
      tf.tidy(() => {
        tf.keep(tf.ones([3]));
      });
      return [tf.keep(tf.range(0, 5).add(1))];
    });
    assert.equal(counts().tensors - start.tensors, 2);
    assert.equal((await settledCounts()).tensors - start.tensors, 1);
    assert.deepEqual([...kept[0]!.dataSync()], [1, 2, 3, 4, 5]);
  })();
  await assertSettles(start);
});

test("thousands of tensors kept within one scope are freed", async () => {
  await assertFreed(() => {
    tf.tidy(() => {
      for (let index = 0; index < 5000; index++) {
        tf.tidy(() => tf.keep(tf.scalar(index)));
      }
    });
  }, 5000);
});

test("a tensor left by a scope that ended in an error is disposed of as in tfjs", async () => {
  const start = await settledCounts();
  assert.throws(
    () =>
      tf.tidy(() => {
        tf.ones([10]);
        throw new Error("on purpose");
      }),
    /on purpose/,
  );
  assert.deepEqual(counts(), start);
});

test("explicit disposal takes effect immediately, and only once", async () => {
  const start = await settledCounts();
  const tensors = Array.from({ length: 20 }, (_, index) =>
    tf.fill([100], index).add(0),
  );
  tf.dispose(tensors);
  const disposed = counts();
  for (const tensor of tensors) {
    tensor.dispose();
  }
  assert.deepEqual(counts(), disposed);
  tensors.length = 0;
  await assertSettles(start);
});

test("a clone disposed of explicitly does not free the data when it is collected", async () => {
  const start = await settledCounts();
  const shared = tf.range(0, 8).add(0);
  run(() => {
    for (let index = 0; index < 5; index++) {
      const clone = shared.clone();
      clone.dispose();
      clone.dispose();
    }
  });
  const now = await settledCounts();
  assert.equal(now.tensors - start.tensors, 1);
  assert.equal(now.handles - start.handles, 1);
  assert.deepEqual([...shared.dataSync()], [0, 1, 2, 3, 4, 5, 6, 7]);
  shared.dispose();
  await assertSettles(start);
});

test("a referenced tensor is never freed", async () => {
  const start = await settledCounts();
  const many = Array.from({ length: 2000 }, (_, index) =>
    tf.tidy(() => tf.fill([50], index).mul(2)),
  );
  for (let round = 0; round < 3; round++) {
    for (const tensor of many) {
      // Garbage that shares the data.
      tensor.clone();
    }
    const now = await settledCounts();
    assert.equal(now.tensors - start.tensors, many.length);
    assert.equal(now.handles - start.handles, many.length);
  }
  for (const [index, tensor] of many.entries()) {
    assert.deepEqual([...new Set(tensor.dataSync())], [2 * index]);
  }
  tf.dispose(many);
  await assertSettles(start);
});

test("gradients leak no tensors", async () => {
  const gradient = tf.grad((x) => tf.sum(tf.mul(x.square(), x)));
  await assertFreed(() => gradient(tf.tensor1d([1, 2, 3])), 2);
});

test("a gradient of a gradient is correct while its saved tensors are pending", async () => {
  const start = await settledCounts();
  const second = tf.grad(tf.grad((x) => tf.sum(x.pow(3))));
  assert.deepEqual([...second(tf.tensor1d([1, 2])).dataSync()], [6, 12]);
  await assertSettles(start);
});

test("a gradient that fails leaks no tensors", async () => {
  const start = await settledCounts();
  assert.throws(() => {
    tf.grad((x) => {
      tf.exp(x).square();
      throw new Error("on purpose");
    })(tf.ones([10]));
  }, /on purpose/);
  await assertSettles(start);
});

test("awaiting the values of a dropped tensor returns the values", async () => {
  const start = await settledCounts();
  const values = await Promise.all(
    Array.from({ length: 100 }, (_, index) => tf.fill([4], index).data()),
  );
  for (const [index, four] of values.entries()) {
    assert.deepEqual([...four], [index, index, index, index]);
  }
  await assertSettles(start);
});

test("memory is freed in time while a program allocates continuously", async () => {
  const start = await settledCounts();
  const megabytes = 16;
  let highest = 0;
  const allocate = async (value: number) => {
    const tensor = tf.fill([megabytes * 2 ** 18], value);
    highest = Math.max(highest, counts().bytes - start.bytes);
    // This promise is already settled: awaiting it alone would not let other tasks run.
    assert.equal((await tensor.slice(0, 1).data())[0], value);
  };
  for (let step = 0; step < 120; step++) {
    await allocate(step);
  }
  // 1,920 MB were allocated; a collection is due at 256 MB.
  assert.ok(highest > 256 * 2 ** 20, "the threshold was exceeded");
  assert.ok(highest <= 320 * 2 ** 20, `${highest} bytes at most in use`);
  await assertSettles(start);
});
