/**
 * Makes a bundle in a checkout with stubs for npm and pip, and sets up from it.
 * test/long/bundle.test.ts makes a real one and sets up from it without a network.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { until } from "../until";
import { Checkout, type Ending, cannotTry, realEngine } from "./checkout";

const integrity = (content: string): string =>
  `sha512-${createHash("sha512").update(content).digest("base64")}`;

interface Manifest {
  format: number;
  readonly machine: Readonly<Record<"platform" | "node" | "python", string>>;
  readonly files: Readonly<Record<string, { bytes: number; sha256: string }>>;
}

describe("a bundle", { skip: cannotTry }, () => {
  let checkout: Checkout;
  let bundle: string;

  /** Makes a bundle in the checkout. */
  const make = (parameters: string[], variables = {}): Promise<Ending> =>
    checkout.start(
      "bundle.mjs",
      { ...realEngine, ...variables },
      { parameters },
    ).ending;
  /** Sets up in the bundle, as in a copy on another machine. */
  const setUp = (variables: NodeJS.ProcessEnv = {}): Promise<Ending> => {
    const { folder } = checkout;
    checkout.folder = bundle;
    const { ending } = checkout.start("setup.mjs", {
      ...realEngine,
      ...variables,
    });
    checkout.folder = folder;
    return ending;
  };
  /** Changes the manifest; the result undoes it. */
  const edit = (change: (manifest: Manifest) => void): (() => void) => {
    const file = path.join(bundle, "bundle", "manifest.json");
    const text = fs.readFileSync(file, "utf8");
    const manifest = JSON.parse(text) as Manifest;
    change(manifest);
    fs.writeFileSync(file, JSON.stringify(manifest));
    return () => fs.writeFileSync(file, text);
  };

  before(async () => {
    checkout = new Checkout();
    bundle = path.join(checkout.parent, "a bundle");
    const program = execFileSync("which", ["git"], { encoding: "utf8" }).trim();
    fs.symlinkSync(program, path.join(checkout.parent, "bin", "git"));
    checkout.write(
      "package-lock.json",
      JSON.stringify({
        packages: {
          "node_modules/a": {
            version: "1.0.0",
            integrity: integrity("a@1.0.0"),
          },
          "node_modules/@a/b": {
            version: "2.0.0",
            integrity: integrity("@a/b@2.0.0"),
          },
          "node_modules/ab": {
            version: "2.0.0",
            integrity: integrity("ab@2.0.0"),
          },
        },
      }),
    );
    checkout.write("package.json", '{ "version": "0.1.0" }');
    checkout.write(
      ".gitignore",
      "node_modules\n.venv\nout\ndist\nbuild\ndeclarations\n.gitignore\n",
    );
    const git = (...parameters: string[]) =>
      execFileSync("git", parameters, { cwd: checkout.folder });
    git("init", "--quiet");
    git("add", ".");
    assert.equal((await checkout.setup(realEngine)).code, 0);
  });
  after(() => checkout.remove());

  it("leaves nothing behind if it is interrupted", async () => {
    const run = checkout.start(
      "bundle.mjs",
      { ...realEngine, STUB_NPM: "hang" },
      { parameters: ["--out", bundle] },
    );
    await until(
      () => run.written().includes("Node packages: collecting"),
      "npm to be called",
    );
    run.child.kill("SIGINT");
    const { code, errors } = await run.ending;
    assert.equal(code, 130, errors);
    assert.match(errors, /Interrupted; no bundle was written/);
    assert.deepEqual(
      fs.readdirSync(checkout.parent).filter((name) => /bundle/.test(name)),
      [],
    );
    assert.deepEqual(checkout.processes(), []);
  });

  it("is not made with a package that differs from the lock file", async () => {
    const lock = fs.readFileSync(checkout.inside("package-lock.json"), "utf8");
    checkout.write(
      "package-lock.json",
      lock.replace(integrity("ab@2.0.0"), integrity("other")),
    );
    const { code, errors } = await make(["--out", bundle]);
    checkout.write("package-lock.json", lock);
    assert.equal(code, 1);
    assert.match(errors, /Expected ab@2\.0\.0 to have the digest/);
    assert.ok(!fs.existsSync(bundle));
  });

  it("has the files that git tracks, the packages, and a digest of each", async () => {
    checkout.write("notes.txt", "mine");
    const { code, output, errors } = await make(["--out", bundle]);
    assert.equal(code, 0, errors);
    assert.match(output, /without 1 file that git does not track/);
    const { machine, files } = JSON.parse(
      fs.readFileSync(path.join(bundle, "bundle", "manifest.json"), "utf8"),
    ) as Manifest;
    assert.equal(machine.python, "3.12");
    assert.equal(machine.node, process.versions.node.split(".")[0]);
    assert.match(machine.platform, /^linux \w+ (glibc|musl)$/);
    const listed = execFileSync("git", ["ls-files"], {
      cwd: checkout.folder,
      encoding: "utf8",
    });
    assert.deepEqual(
      Object.keys(files).sort(),
      [
        ...listed.trim().split("\n"),
        "bundle/npm/@a+b@2.0.0.tgz",
        "bundle/npm/a@1.0.0.tgz",
        "bundle/npm/ab@2.0.0.tgz",
        "bundle/wheels/uv-0.13.9-py3-none-any.whl",
      ].sort(),
    );
    for (const [name, { bytes, sha256 }] of Object.entries(files)) {
      const content = fs.readFileSync(path.join(bundle, name));
      assert.equal(bytes, content.length);
      assert.equal(sha256, createHash("sha256").update(content).digest("hex"));
    }
  });

  it("is not made over other files", async () => {
    const { code, errors } = await make(["--out", bundle]);
    assert.equal(code, 1);
    assert.match(errors, /Expected a folder that does not exist or is empty/);
  });

  for (const [what, change, message] of [
    [
      "platform",
      { platform: "linux arm64 glibc" },
      /Expected the machine that the bundle is for \(linux arm64 glibc\), found another one/,
    ],
    [
      "version of Node",
      { node: "18" },
      /Expected Node\.js 18, for which the bundle has packages, found v/,
    ],
    [
      "version of Python",
      { python: "3.11" },
      /Expected Python 3\.11, for which the bundle has packages, found .*python3\.12/,
    ],
  ] as const) {
    it(`refuses another ${what}`, async () => {
      const undo = edit(({ machine }) => Object.assign(machine, change));
      const { code, errors } = await setUp();
      undo();
      assert.equal(code, 1);
      assert.match(errors, message);
      assert.equal(errors.trim().split("\n").length, 2, errors);
      assert.ok(!fs.existsSync(path.join(bundle, "node_modules")));
    });
  }

  it("refuses a file that is damaged or missing, and a bundle that is not complete", async () => {
    const wheel = path.join(bundle, "bundle/wheels/uv-0.13.9-py3-none-any.whl");
    fs.writeFileSync(wheel, "whee1\n");
    const damaged = await setUp();
    fs.rmSync(wheel);
    const missing = await setUp();
    fs.writeFileSync(wheel, "wheel\n");
    const manifest = path.join(bundle, "bundle", "manifest.json");
    fs.renameSync(manifest, `${manifest}.away`);
    const incomplete = await setUp();
    fs.renameSync(`${manifest}.away`, manifest);
    const undo = edit((contents) => (contents.format = 2));
    const other = await setUp();
    undo();
    for (const [{ code, errors }, message] of [
      [damaged, /found bundle\/wheels\/uv-.*\.whl damaged\./],
      [missing, /found bundle\/wheels\/uv-.*\.whl missing\./],
      [incomplete, /Expected a complete bundle, found bundle\/ without/],
      [other, /to have the format 1, received 2\./],
    ] as const) {
      assert.equal(code, 1);
      assert.match(errors, message);
      assert.match(errors, /To fix it: copy the whole bundle again/);
    }
  });

  it("is all that npm, pip and uv use, wherever it was moved", async () => {
    fs.writeFileSync(path.join(bundle, "src/index.ts"), "// edited\n");
    checkout.calls();
    const { code, output, errors } = await setUp();
    assert.equal(code, 0, errors);
    assert.match(output, /changed since the bundle was made: src\/index\.ts/);
    const calls = checkout.calls();
    const links = `(from file://${encodeURI(bundle)}/bundle/wheels)`;
    assert.ok(
      calls.some((call) => /pip .*uv\.txt/.test(call) && call.includes(links)),
      calls.join("\n"),
    );
    assert.ok(calls.some((call) => /^npm ci .*\(offline\)$/.test(call)));
    const lock = JSON.parse(
      fs.readFileSync(path.join(checkout.parent, "calls.lock"), "utf8"),
    );
    const { resolved } = lock.packages["node_modules/@a/b"];
    assert.equal(resolved, "file:bundle/npm/@a+b@2.0.0.tgz");
    assert.ok(!fs.existsSync(path.join(bundle, "npm-shrinkwrap.json")));
    assert.match((await setUp()).output, /nothing to do/);
  });
});
