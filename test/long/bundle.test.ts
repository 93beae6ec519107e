/**
 * Makes a bundle of this checkout and sets up from it in a network namespace of its own, where no
 * other machine can be reached; then a notebook's cell runs there.
 *
 * Takes some minutes, 4 GB of disk space, and the network for the bundle.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { findDataSet } from "../../scripts/bundle/data-sets";

const project = path.resolve(__dirname, "../..");
const minutes = 60_000;

/** Starts the namespace's loopback interface, which Jupyter's sockets use, and then a program. */
const inside = `
import fcntl, os, socket, struct, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as each:
    fcntl.ioctl(each, 0x8914, struct.pack("16sh", b"lo", 0x49))
os.execvp(sys.argv[1], sys.argv[1:])
`;

/** Asks for an address of documentation (RFC 5737), to which no packet may leave. */
const reach = `
import socket, sys
try:
    socket.create_connection(("192.0.2.1", 443), timeout=5)
except OSError as error:
    sys.exit(0 if error.errno == 101 else f"unexpected: {error}")
sys.exit("the network is open")
`;

/** Runs a cell through Jupyter's own client, as a notebook does, without the browser. */
const cell = `
import sys
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="convnotes", startup_timeout=60)
answer = []
def collect(message):
    if message["msg_type"] == "execute_result":
        answer.append(message["content"]["data"]["text/plain"])
    if message["msg_type"] == "error":
        answer.append(message["content"]["evalue"])
try:
    client.execute_interactive(sys.argv[1], timeout=120, output_hook=collect)
finally:
    client.stop_channels()
    manager.shutdown_kernel()
print(answer)
`;

/** Why there is no namespace here; false if there is. */
const noNamespace: string | false =
  process.platform === "linux" &&
  process.getuid?.() === 0 &&
  spawnSync("unshare", ["-n", "true"]).status === 0
    ? false
    : "closing the network needs root on Linux";

describe("a bundle of this checkout", { skip: noNamespace }, () => {
  let parent: string;
  let bundle: string;
  let dataSet: string | undefined;
  let reason: string | undefined;

  /** Runs a program in the bundle without a network, as a user without caches and settings. */
  const closed = (...parameters: string[]): ReturnType<typeof spawnSync> =>
    spawnSync("unshare", ["-n", "python3", "-c", inside, ...parameters], {
      cwd: bundle,
      encoding: "utf8",
      timeout: 30 * minutes,
      env: {
        PATH: process.env.PATH,
        HOME: path.join(parent, "home"),
        XDG_CACHE_HOME: path.join(parent, "home", "cache"),
      },
    });

  before(async () => {
    parent = fs.mkdtempSync(path.join(os.tmpdir(), "convnotes-bundle-"));
    bundle = path.join(parent, "a bundle");
    fs.mkdirSync(path.join(parent, "home"));
    dataSet = await findDataSet("cifar-10").then(
      ({ name }) => name,
      () => undefined,
    );
    const made = path.join(parent, "made");
    const data = dataSet === undefined ? [] : ["--data", dataSet];
    const { status, stdout, stderr } = spawnSync(
      "npm",
      ["run", "-s", "bundle", "--", "--out", made, ...data],
      { cwd: project, encoding: "utf8", timeout: 30 * minutes },
    );
    if (/cannot be reached/.test(stderr)) {
      reason = "the package registries cannot be reached";
      return;
    }
    assert.equal(status, 0, stderr);
    assert.match(stdout, /The bundle is complete/);
    fs.renameSync(made, bundle);
  });
  after(() => fs.rmSync(parent, { recursive: true, force: true }));

  it("names neither this machine's folders nor its registries", (context) => {
    if (reason !== undefined) return context.skip(reason);
    const { stdout } = spawnSync("npm", ["config", "get", "registry"], {
      encoding: "utf8",
    });
    const text = fs.readFileSync(
      path.join(bundle, "bundle", "manifest.json"),
      "utf8",
    );
    for (const word of [project, os.homedir(), new URL(stdout.trim()).host])
      assert.ok(!text.includes(`${word}/`), word);
    assert.deepEqual(fs.readdirSync(parent).sort(), ["a bundle", "home"]);
  });

  it("is refused while a wheel is damaged", (context) => {
    if (reason !== undefined) return context.skip(reason);
    const folder = path.join(bundle, "bundle", "wheels");
    const name = fs
      .readdirSync(folder)
      .find((each) => each.startsWith("nbconvert-"))!;
    const wheel = path.join(folder, name);
    const content = fs.readFileSync(wheel);
    const wrong = Buffer.from(content);
    wrong[wrong.length >> 1]! ^= 1;
    fs.writeFileSync(wheel, wrong);
    const { status, stderr } = closed("npm", "run", "setup");
    fs.writeFileSync(wheel, content);
    assert.equal(status, 1);
    assert.match(String(stderr), new RegExp(`found bundle/wheels/${name} dam`));
  });

  it("sets up without a network", (context) => {
    if (reason !== undefined) return context.skip(reason);
    const python = ["python3", "-c"];
    assert.equal(closed(...python, reach).status, 0);
    const { status, stdout, stderr } = closed("npm", "run", "setup");
    assert.equal(status, 0, String(stderr));
    assert.match(String(stdout), /Setup is complete/);
    context.diagnostic(
      String(stdout)
        .split("\n")
        .filter((line) => /done in|is complete/.test(line))
        .join("; "),
    );
    assert.match(String(closed("npm", "run", "setup").stdout), /nothing to do/);
  });

  it("installs exactly the packages of this checkout", (context) => {
    if (reason !== undefined) return context.skip(reason);
    const versions = (checkout: string): string[] => {
      const { packages } = JSON.parse(
        fs.readFileSync(
          path.join(checkout, "node_modules", ".package-lock.json"),
          "utf8",
        ),
      ) as { packages: Record<string, { version?: string }> };
      return Object.entries(packages).map(([name, each]) =>
        [name, each.version].join("@"),
      );
    };
    assert.deepEqual(versions(bundle), versions(project));
    const listed = (checkout: string): string =>
      spawnSync(
        path.join(checkout, ".venv", "bin", "python"),
        ["-m", "pip", "list", "--format=freeze"],
        { encoding: "utf8" },
      ).stdout;
    assert.equal(listed(bundle), listed(project));
  });

  it("runs a cell that trains, and loads the bundle's images", (context) => {
    if (reason !== undefined) return context.skip(reason);
    const training = `
      import { tf } from "convnotes/engine";
      const model = tf.sequential({
        layers: [tf.layers.dense({ units: 1, inputShape: [2] })],
      });
      model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
      const history = await model.fit(tf.ones([8, 2]), tf.ones([8, 1]), { epochs: 2, verbose: 0 });
      history.epoch.length`;
    const python = path.join(bundle, ".venv", "bin", "python");
    const trained = closed(python, "-c", cell, training);
    assert.equal(trained.stdout, "['2']\n", String(trained.stderr));
    if (dataSet === undefined) return context.diagnostic("without a data set");
    const loading = `
      import { load } from "convnotes";
      (await load("${dataSet}")).train.images.shape.join(" x ")`;
    const loaded = closed(python, "-c", cell, loading);
    assert.match(String(loaded.stdout), /50000 x 32 x 32 x 3/);
  });
});
