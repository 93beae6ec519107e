/**
 * Tests the command line of `convnotes data`.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";
import { catalog } from "../../src/data/catalog/catalog";
import { privateCache, skipElsewhere, usePrivateCache } from "./private-cache";
import { record } from "./record-file";
import { temporaryFolder } from "./temporary-folder";

const program = path.join(__dirname, "../../src/notebook/bin/convnotes.mjs");
const skip =
  skipElsewhere ||
  (existsSync(path.join(__dirname, "../../kernel/dist"))
    ? false
    : "the kernel is not compiled (npm run setup)");

usePrivateCache();

function run(...parameters: string[]) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [program, "data", ...parameters],
    { encoding: "utf8", timeout: 60_000 },
  );
  return { stdout, stderr, status };
}

describe("convnotes data", { skip }, () => {
  test("prints help", () => {
    for (const words of [[], ["--help"], ["help"], ["get", "--help"]]) {
      const { stdout, status } = run(...words);
      assert.equal(status, 0);
      for (const verb of ["list", "get", "verify", "clear"]) {
        assert.ok(stdout.includes(`  ${verb} `), stdout);
      }
    }
  });

  for (const [words, message] of [
    [
      ["fetch"],
      /Expected a command \(list, get, verify, clear\), received fetch\./,
    ],
    [
      ["get"],
      /Expected the names of data sets \(cifar-10, .*\) or --all, received none\./,
    ],
    [["get", "mnst"], /Expected one of cifar-10, .*, received mnst\./],
    [["get", "--fast"], /'--fast'/],
    [["clear"], /received none\./],
  ] as const) {
    test(`rejects the command line: ${words.join(" ")}`, () => {
      const { stderr, status } = run(...words);
      assert.match(stderr, message);
      assert.match(stderr, /See convnotes data --help\.\n$/);
      assert.equal(status, 2);
    });
  }

  test("lists every data set with its size and location", async (context) => {
    const root = await temporaryFolder(context);
    process.env.CONVNOTES_DATA = root;
    const folder = path.join(root, "cifar-100-binary");
    await mkdir(folder);
    for (const name of ["train.bin", "test.bin"]) {
      await writeFile(path.join(folder, name), record([1, 1]));
    }
    const { stdout, status } = run("list");
    assert.equal(status, 0);
    for (const { name, description } of Object.values(catalog)) {
      assert.ok(stdout.includes(`${name}\n  ${description}\n`), stdout);
    }
    assert.match(stdout, /download 170\.1 MB/);
    assert.ok(
      stdout.includes(
        `on this machine: ${folder} (the folder in CONVNOTES_DATA)`,
      ),
    );
    assert.match(stdout, /cifar-10\n(.*\n){3} {2}on this machine: no\n/);
  });

  test("reports files that differ from the published digest", async (context) => {
    const root = await temporaryFolder(context);
    process.env.CONVNOTES_DATA = root;
    const own = path.join(root, "mnist");
    await mkdir(own);
    for (const { name } of catalog.mnist.files) {
      await writeFile(path.join(own, name), "not MNIST");
    }
    const { stdout, status } = run("verify", "mnist");
    assert.equal(status, 1);
    for (const { name, sha256 } of catalog.mnist.files) {
      assert.ok(
        stdout.includes(
          `${name}: Expected SHA-256 ${sha256}, received 9 bytes`,
        ),
        stdout,
      );
    }
    assert.match(
      run("verify", "cifar-10").stdout,
      /CIFAR-10: not on this machine/,
    );
  });

  test("does not download data sets that are already on this machine", async (context) => {
    const root = await temporaryFolder(context);
    process.env.CONVNOTES_DATA = root;
    const own = path.join(root, "mnist");
    await mkdir(own);
    for (const { name } of catalog.mnist.files) {
      await writeFile(path.join(own, name), "");
    }
    const { stdout, status } = run("get", "mnist");
    assert.equal(stdout, `MNIST is already on this machine: ${own}\n`);
    assert.equal(status, 0);
  });

  test("verifies the other data sets after a damaged one", async () => {
    const folder = path.join(privateCache(), "cifar-10-batches-bin");
    await mkdir(folder, { recursive: true });
    const { stdout, stderr, status } = run("verify");
    assert.equal(status, 1);
    assert.equal(stderr, "");
    assert.match(stdout, /^CIFAR-10: Expected .* data get cifar-10/);
    for (const { title } of Object.values(catalog)) {
      assert.match(stdout, new RegExp(`^${title}: `, "m"));
    }
    assert.equal(run("clear", "cifar-10").status, 0);
    assert.equal(run("verify", "cifar-10").status, 0);
  });

  test("clears a data set if nothing else is in the cache", async () => {
    const folder = path.join(privateCache(), "mnist");
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, "convnotes.json"), "{}");
    const { stdout, status } = run("clear", "mnist");
    assert.match(stdout, /^Removed MNIST from /);
    assert.equal(status, 0);
    assert.ok(!existsSync(folder));
  });

  for (const [place, what] of [
    ["", "a file"],
    ["", "a link to itself"],
    ["mnist", "a file"],
    [".partial", "a file"],
    [".partial/mnist.lock", "a file"],
  ] as const) {
    test(`fails in words with ${what} in the place of the cache's ${place || "folder"}`, async () => {
      const obstacle = path.join(privateCache(), place);
      await mkdir(path.dirname(obstacle), { recursive: true });
      if (what === "a file") await writeFile(obstacle, "x");
      else await symlink(path.basename(obstacle), obstacle);
      if (place.startsWith(".")) {
        await mkdir(path.join(privateCache(), "mnist"));
      }
      for (const verb of ["clear", "get"]) {
        const { stderr, status } = run(verb, "mnist");
        assert.equal(status, 1);
        const lines = stderr.trim().split("\n");
        assert.equal(lines.length, 1, stderr);
        assert.match(lines[0]!, /^Expected .*, received .*convnotes/);
      }
    });
  }

  test(
    "fails in words if its output cannot be written",
    { skip: existsSync("/dev/full") ? false : "needs /dev/full" },
    () => {
      for (const words of [["list"], ["--help"]]) {
        const { stderr, status } = spawnSync(
          "sh",
          ["-c", 'exec "$@" > /dev/full', "sh"].concat(
            [process.execPath, program, "data"],
            words,
          ),
          { encoding: "utf8" },
        );
        assert.match(stderr, /^Expected to write the output .*ENOSPC.*\n$/);
        assert.equal(status, 1);
      }
    },
  );

  test("clears only folders created by convnotes", async () => {
    assert.equal(run("clear", "mnist").stdout, "MNIST is not in the cache\n");
    const folder = path.join(privateCache(), "mnist");
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, "mine.txt"), "mine");
    const refused = run("clear", "mnist");
    assert.equal(refused.status, 1);
    assert.match(
      refused.stderr,
      /Expected a folder created by convnotes for MNIST, received one without convnotes\.json/,
    );
    assert.ok(existsSync(folder));

    await writeFile(path.join(folder, "convnotes.json"), "{}");
    const partial = path.join(privateCache(), ".partial", "mnist");
    await mkdir(partial, { recursive: true });
    assert.equal(run("clear", "mnist").status, 0);
    assert.ok(!existsSync(folder) && !existsSync(partial));
  });
});
