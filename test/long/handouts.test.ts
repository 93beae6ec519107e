/**
 * Runs `npm run handouts` on all stored notebooks, in a copy of the checkout and without a network.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { findChapters } from "../../scripts/handouts/chapters";
import { zipName } from "../../scripts/handouts/zip";
import { noBrowser } from "../jupyterlab/browser";
import {
  noPython,
  python,
  root,
  temporaryFolder,
} from "../lessons/notebook-file";
import { CheckoutCopy } from "./checkout-copy";

/** A shell in a network namespace of its own has no network, not even its own machine's. */
const closed = ["unshare", "-n"] as const;
const noNamespace =
  spawnSync(closed[0], [closed[1], "true"]).status === 0
    ? false
    : "making a network namespace needs root on Linux";

describe(
  "the handouts of all stored notebooks, without a network",
  { skip: noPython || noBrowser || noNamespace },
  () => {
    let copy: CheckoutCopy;
    let folder: string;
    let remove: () => void;
    let out: string;
    let printed: string;

    before(() => {
      copy = new CheckoutCopy();
      ({ folder, remove } = temporaryFolder());
      out = path.join(copy.path, "out", "handouts");
      // Browsers need the loopback device.
      const shell = `ip link set lo up 2>/dev/null; exec "$0" "$@"`;
      const run = spawnSync(
        closed[0],
        [
          ...[closed[1], "sh", "-c", shell, process.execPath],
          path.join(copy.path, "scripts", "handouts.mjs"),
        ],
        { cwd: copy.path, encoding: "utf8" },
      );
      printed = run.stdout + run.stderr;
      assert.equal(run.status, 0, printed);
    });
    after(() => {
      copy?.remove();
      remove?.();
    });

    test("the executed lessons have pages of at most 3.0 MB, lesson 3 of 3.5", () => {
      const executed = findChapters([path.join(root, "notebooks")], [])
        .filter(({ state }) => state === "executed")
        .map(({ name }) => `${name}.html`);
      const pages = path.join(out, "pages");
      assert.deepEqual(readdirSync(pages).sort(), executed.sort());
      for (const name of executed) {
        const most = name === "lesson-3.html" ? 3.5e6 : 3e6;
        assert.ok(statSync(path.join(pages, name)).size <= most, name);
      }
    });

    test("no figure is without its image", () => {
      assert.doesNotMatch(printed, /have no images|could not draw/);
    });

    test("the file has no broken link, and no path of this machine", () => {
      const output = execFileSync(
        python,
        [
          path.join(root, "test", "handouts", "check_zip.py"),
          path.join(out, zipName),
          path.join(folder, "unpacked"),
          ...[root, copy.path],
          ...[homedir(), tmpdir()].map((place) => path.join(place, path.sep)),
        ],
        { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
      );
      const { broken, words, damaged, links } = JSON.parse(output) as {
        broken: string[];
        words: string[];
        damaged: string | null;
        links: number;
      };
      assert.equal(damaged, null);
      assert.deepEqual(broken, []);
      assert.deepEqual(words, []);
      assert.ok(links > 300, `${links} links`);
    });
  },
);
