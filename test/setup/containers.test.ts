/**
 * Tests the files that describe containers: their commands run in an empty folder, with stubs for
 * what needs root, the network or minutes, and their versions are those that the project supports.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { Checkout, cannotTry, realEngine } from "./checkout";
import {
  type Command,
  copyCheckout,
  devContainer,
  follow,
  instructions,
  project,
  text,
} from "./container-files";

/** Python of Debian's releases. */
const debianPython: Readonly<Record<string, string>> = { bookworm: "3.11" };

const stubs = path.join(__dirname, "stubs");
const readme = text("README.md");
const dockerfile = text("Dockerfile");
const environment = text("binder/environment.yml");
const manifest = JSON.parse(text("package.json")) as {
  engines: { node: string };
  scripts: Record<string, string>;
};

describe("the versions in containers", () => {
  const [, oldestNode] = /^>=(\d+)$/.exec(manifest.engines.node) ?? [];
  const [, run = ""] =
    /the clone +\| Linux x64; Node ([\d, ]+);/.exec(readme) ?? [];
  const [, oldest, newest] = /Python 3\.(\d+) to 3\.(\d+)/.exec(readme) ?? [];

  /** Asserts that a version of Node is supported, and one that was run. */
  function assertNode(major: string | undefined): void {
    assert.ok(Number(major) >= Number(oldestNode), `Node ${major}`);
    assert.ok(run.split(", ").includes(major!), `${major} of ${run}`);
  }

  function assertPython(version: string | undefined): void {
    const minor = Number(/^3\.(\d+)$/.exec(version ?? "")?.[1]);
    assert.ok(minor >= Number(oldest) && minor <= Number(newest), version);
  }

  it("are supported ones in the Dockerfile", () => {
    const [, node, release] =
      /^FROM node:(\d+)-(\w+) AS base$/m.exec(dockerfile) ?? [];
    assertNode(node);
    assertPython(debianPython[release ?? ""]);
  });

  it("are supported ones in binder/", () => {
    assertNode(/^ {2}- nodejs=(\d+)$/m.exec(environment)?.[1]);
    assertPython(/^ {2}- python=(3\.\d+)$/m.exec(environment)?.[1]);
  });

  it("are those of requirements.txt for what draws in Binder's JupyterLab", () => {
    const pinned = [...environment.matchAll(/^ {6}- (\w+==[\w.]+)$/gm)].map(
      ([, each]) => each!,
    );
    assert.deepEqual(
      pinned.map((each) => each.split("==")[0]),
      ["plotly", "anywidget"],
    );
    for (const each of pinned)
      assert.match(text("requirements.txt"), new RegExp(`^${each} `, "m"));
  });
});

describe("the files of containers", () => {
  it("leave out what a clone does not have", () => {
    const left = text(".dockerignore")
      .split("\n")
      .map((line) => line.replace(/^\*\*\/|\/$/g, ""));
    for (const line of text(".gitignore").split("\n").filter(Boolean))
      assert.ok(left.includes(line.replace(/\/$/, "")), line);
  });

  it("build the dev container from a stage of the Dockerfile, for a user of the image", () => {
    const { build, remoteUser, forwardPorts, postAttachCommand } =
      devContainer();
    const folder = path.join(project, ".devcontainer");
    assert.equal(
      path.resolve(folder, build.dockerfile),
      path.join(project, "Dockerfile"),
    );
    assert.equal(path.resolve(folder, build.context), project);
    assert.match(dockerfile, new RegExp(`^FROM \\S+ AS ${build.target}$`, "m"));
    assert.ok(
      instructions(dockerfile).some(
        ({ keyword, rest }) => keyword === "USER" && rest === remoteUser,
      ),
    );
    assert.match(postAttachCommand, new RegExp(`--port=${forwardPorts[0]} `));
  });

  it("run postBuild, which repo2docker requires to be executable", () => {
    const { mode } = fs.statSync(path.join(project, "binder", "postBuild"));
    assert.equal(mode & 0o111, 0o111);
  });
});

describe(
  "the commands of containers in an empty folder",
  { skip: cannotTry },
  () => {
    let checkout: Checkout;
    let image: string;

    before(() => {
      checkout = new Checkout();
      const bin = path.join(checkout.parent, "bin");
      checkout.unlink("npm");
      checkout.link("npm", "npm-run");
      for (const name of ["apt-get", "npx", "rm"])
        checkout.link(name, "recorded");
      fs.symlinkSync(process.execPath, path.join(bin, "node"));
      for (const name of ["mkdir", "bash"])
        fs.symlinkSync(path.join("/bin", name), path.join(bin, name));
    });
    after(() => checkout.remove());
    beforeEach(() => {
      image = fs.mkdtempSync(path.join(checkout.parent, "image-"));
      checkout.calls();
    });

    /** Runs a command with stubs. JupyterLab's stub ends at once, with another code than 0. */
    async function run(
      { shell, folder }: Command,
      variables: NodeJS.ProcessEnv = {},
    ): Promise<void> {
      const child = spawn("/bin/sh", ["-c", shell], {
        cwd: folder,
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          PATH: path.join(checkout.parent, "bin"),
          HOME: checkout.parent,
          STUB_FOLDER: stubs,
          STUB_CALLS: path.join(checkout.parent, "calls"),
          STUB_TENSORFLOW: tensorflow,
          ...realEngine,
          ...variables,
        },
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (data: Buffer) => (output += data.toString()));
      const code = await new Promise((resolve) => child.once("close", resolve));
      if (!shell.includes("run lab"))
        assert.equal(code, 0, `${shell}\n${output}`);
    }

    /** libtensorflow of this checkout. */
    const tensorflow = path.dirname(
      fs.realpathSync(
        path.join(project, "node_modules/@tensorflow/tfjs-node/deps/include"),
      ),
    );

    function assertSetUp(folder: string): void {
      for (const stamp of [
        ".venv/convnotes.json",
        "node_modules/.convnotes.json",
        "kernel/dist/convnotes.json",
      ])
        assert.ok(fs.existsSync(path.join(folder, stamp)), stamp);
      assert.ok(
        fs.existsSync(path.join(folder, "notebooks", "lesson-1.ipynb")),
      );
    }

    it("set up the course and start JupyterLab in the Dockerfile", async () => {
      await follow(dockerfile, image, run);
      assertSetUp(path.join(image, "home", "node", "convnotes"));
      const calls = checkout.calls();
      assert.ok(
        calls.includes(
          "apt-get install -y --no-install-recommends python3-venv",
        ),
        calls.join("\n"),
      );
      assert.match(
        calls.at(-1)!,
        /^python -m jupyterlab .* --ip=0\.0\.0\.0 --port=8888 --no-browser$/,
      );
    });

    it("set up the course and start JupyterLab in the dev container", async () => {
      copyCheckout(image);
      const { onCreateCommand, postAttachCommand } = devContainer();
      await run({ shell: onCreateCommand, folder: image });
      assertSetUp(image);
      assert.equal(
        checkout.calls().at(-1),
        "npx convnotes kernel install --user",
      );
      await run({ shell: postAttachCommand, folder: image });
      assert.match(
        checkout.calls().at(-1)!,
        /^python -m jupyterlab .* --port=8888 --no-browser$/,
      );
    });

    it("set up the course and install the kernel in Binder", async () => {
      copyCheckout(image);
      await run(
        { shell: "./binder/postBuild", folder: image },
        { NB_PYTHON_PREFIX: "/srv/conda/envs/notebook" },
      );
      assertSetUp(image);
      assert.equal(
        checkout.calls().at(-1),
        "npx convnotes kernel install --prefix /srv/conda/envs/notebook",
      );
    });

    it("fail where a command fails", async () => {
      copyCheckout(image);
      await assert.rejects(
        run(
          { shell: "./binder/postBuild", folder: image },
          { NB_PYTHON_PREFIX: "/srv", STUB_NPM: "network" },
        ),
        /npm's registry cannot be reached/,
      );
      assert.ok(!checkout.calls().some((call) => call.startsWith("npx ")));
    });
  },
);
