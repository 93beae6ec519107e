/**
 * Tests the parts of a bundle for machines without a network.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import {
  copyDataSet,
  findDataSet,
  installDataSet,
} from "../../scripts/bundle/data-sets";
import { errorWith } from "../error-with";
import { setupModule } from "./checkout";

interface Locked {
  readonly name?: string;
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
}
interface Lock {
  readonly packages: Readonly<Record<string, Locked>>;
}

describe("the command line of a bundle", () => {
  const load = (): Promise<{
    parseArguments(parameters: string[]): {
      dataSets: string[];
      folder: string;
      help: boolean;
    };
  }> => setupModule("bundle/arguments.mjs");

  it("names data sets and a folder, which has a default", async () => {
    const { parseArguments } = await load();
    const { dataSets, folder, help } = parseArguments([
      ...["--data", "mnist", "--data=cifar-10", "--data", "mnist"],
      ...["--out", "/a/b"],
    ]);
    assert.deepEqual(dataSets, ["mnist", "cifar-10"]);
    assert.equal(folder, "/a/b");
    assert.equal(help, false);
    assert.match(parseArguments([]).folder, /\/out\/convnotes-bundle$/);
    assert.equal(parseArguments(["-h"]).help, true);
  });

  it("says what is wrong", async () => {
    const { parseArguments } = await load();
    for (const [parameters, received] of [
      [["--date", "mnist"], '"--date"'],
      [["mnist"], '"mnist"'],
      [["--data"], "received none"],
      [["--data", "--out"], '"--out"'],
      [["--out="], "received none"],
    ] as const) {
      assert.throws(
        () => parseArguments([...parameters]),
        errorWith("ERR_USAGE", received),
      );
    }
  });
});

describe("the tarballs of a bundle", () => {
  const load = (): Promise<{
    tarballName(place: string, locked: Locked): string;
    installedPackages(
      lock: Lock,
      installed: Lock,
    ): Map<string, { specification: string; integrity: string }>;
    lockWithTarballs(
      lock: Lock,
      folder: string,
      exists: (name: string) => boolean,
    ): Lock;
  }> => setupModule("bundle/tarballs.mjs");
  const lock: Lock = {
    packages: {
      "": { version: "0.1.0" },
      kernel: { version: "0.1.0" },
      "node_modules/a-b": { version: "1.0.0", integrity: "sha512-1" },
      "node_modules/@a/b": { version: "1.0.0", integrity: "sha512-2" },
      "node_modules/x/node_modules/@a/b": {
        version: "2.0.0",
        integrity: "sha512-3",
      },
      "node_modules/xlsx": {
        name: "@e965/xlsx",
        version: "0.20.3",
        integrity: "sha512-4",
      },
      "node_modules/for-windows": { version: "1.0.0", integrity: "sha512-5" },
    },
  };
  const { "node_modules/for-windows": absent, ...here } = lock.packages;

  it("are those of the packages that are installed, each with a name of its own", async () => {
    const { installedPackages } = await load();
    assert.ok(absent);
    assert.deepEqual(
      Object.fromEntries(installedPackages(lock, { packages: here })),
      {
        "a-b@1.0.0.tgz": { specification: "a-b@1.0.0", integrity: "sha512-1" },
        "@a+b@1.0.0.tgz": {
          specification: "@a/b@1.0.0",
          integrity: "sha512-2",
        },
        "@a+b@2.0.0.tgz": {
          specification: "@a/b@2.0.0",
          integrity: "sha512-3",
        },
        "@e965+xlsx@0.20.3.tgz": {
          specification: "@e965/xlsx@0.20.3",
          integrity: "sha512-4",
        },
      },
    );
  });

  it("are named by the lock file that npm reads, which keeps the digests", async () => {
    const { lockWithTarballs } = await load();
    const { packages } = lockWithTarballs(
      lock,
      "bundle/npm",
      (name) => name !== "for-windows@1.0.0.tgz",
    );
    assert.deepEqual(Object.keys(packages), Object.keys(lock.packages));
    assert.deepEqual(packages["node_modules/xlsx"], {
      ...lock.packages["node_modules/xlsx"],
      resolved: "file:bundle/npm/@e965+xlsx@0.20.3.tgz",
    });
    for (const place of ["", "kernel", "node_modules/for-windows"])
      assert.deepEqual(packages[place], lock.packages[place]);
  });
});

describe("the data sets of a bundle", () => {
  const names = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"].concat([
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
  ]);
  const variables = { ...process.env };
  let folder: string;
  let bundle: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "convnotes-bundle-"));
    bundle = path.join(folder, "bundle");
    process.env.XDG_CACHE_HOME = path.join(folder, "cache");
    process.env.CONVNOTES_DATA = path.join(folder, "data");
    fs.mkdirSync(path.join(folder, "data", "mnist"), { recursive: true });
    for (const name of names)
      fs.writeFileSync(path.join(folder, "data", "mnist", `${name}.gz`), name);
  });
  afterEach(() => {
    for (const name of ["XDG_CACHE_HOME", "CONVNOTES_DATA"]) {
      delete process.env[name];
      if (variables[name] !== undefined) process.env[name] = variables[name];
    }
    fs.rmSync(folder, { recursive: true });
  });

  it("are copied from where load finds them, and into the cache of the other machine", async () => {
    const found = await findDataSet("mnist");
    assert.equal(found.bytes, names.join("").length);
    assert.doesNotMatch(found.where, /\//);
    copyDataSet(found, bundle);
    delete process.env.CONVNOTES_DATA;
    assert.equal(await installDataSet("mnist", bundle), true);
    const cache = path.join(folder, "cache", "convnotes");
    assert.deepEqual(fs.readdirSync(cache), ["mnist"]);
    for (const name of names)
      assert.equal(
        fs.readFileSync(path.join(cache, "mnist", `${name}.gz`), "utf8"),
        name,
      );
    assert.equal(await installDataSet("mnist", bundle), false);
  });

  it("stay original: the record of a download is copied from the cache, and from nowhere else", async () => {
    const record = path.join(folder, "data", "mnist", "convnotes.json");
    fs.writeFileSync(record, "{}");
    assert.equal((await findDataSet("mnist")).files.length, 4);
    fs.mkdirSync(path.join(folder, "cache", "convnotes"), { recursive: true });
    fs.renameSync(
      path.join(folder, "data", "mnist"),
      path.join(folder, "cache", "convnotes", "mnist"),
    );
    // The sizes of files in the cache count, too.
    const sizes = [47_040_016, 60_008, 7_840_016, 10_008];
    for (const [index, name] of names.entries()) {
      const file = `${name}.gz`;
      const place = path.join(folder, "cache", "convnotes", "mnist", file);
      fs.truncateSync(place, sizes[index]);
    }
    assert.equal((await findDataSet("mnist")).files.length, 5);
  });

  it("leave nothing in the cache if they cannot be copied", async () => {
    copyDataSet(await findDataSet("mnist"), bundle);
    delete process.env.CONVNOTES_DATA;
    fs.mkdirSync(path.join(bundle, "mnist", "a-folder"));
    await assert.rejects(installDataSet("mnist", bundle));
    const cache = path.join(folder, "cache", "convnotes");
    assert.deepEqual(fs.readdirSync(cache), []);
  });

  it("must exist", async () => {
    await assert.rejects(
      findDataSet("cifar-1"),
      errorWith("ERR_UNKNOWN_NAME", "cifar-10", "cifar-1"),
    );
    await assert.rejects(
      findDataSet("cifar-100"),
      errorWith("ERR_FILE_MISSING", "convnotes data get cifar-100"),
    );
  });
});
