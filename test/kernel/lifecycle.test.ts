/**
 * Tests the life cycle of a kernel: its start, its replies while it is busy, and all ways in which
 * Jupyter or the system may end it.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Subscriber } from "zeromq";
import { Message } from "../../kernel/wire/message";
import { until } from "../until";
import {
  freePorts,
  KernelClient,
  PATIENCE,
  projectFolder,
  within,
} from "./kernel-client";
import { childrenOf, commandOf, endOf, isAlive } from "./processes";

/**
 * How long processes may take to end, in milliseconds. Jupyter waits five seconds, but a busy
 * machine needs longer.
 */
const END_PATIENCE = 30_000;

/** Waits until both processes of a kernel have ended. */
async function assertEnds(kernel: KernelClient, runtime: number) {
  const started = performance.now();
  const { code } = await within(
    END_PATIENCE,
    "the front process to end",
    kernel.ended,
  );
  const left = END_PATIENCE - (performance.now() - started);
  assert.ok(
    (await endOf(runtime, left)) !== undefined,
    "The runtime has outlived the front process.",
  );
  return code;
}

function runtimeOf(kernel: KernelClient): number {
  return kernel.runtimePid ?? assert.fail("Expected a runtime process.");
}

const isRuntime = (pid: number) => commandOf(pid).includes("runtime");

async function writeConnectionFile(file: string): Promise<void> {
  const ports = await freePorts(5);
  const names = ["shell", "control", "stdin", "iopub", "hb"];
  writeFileSync(
    file,
    JSON.stringify({
      ip: "127.0.0.1",
      transport: "tcp",
      key: "",
      signature_scheme: "hmac-sha256",
      ...Object.fromEntries(
        names.map((name, index) => [`${name}_port`, ports[index]]),
      ),
    }),
  );
}

async function loop(kernel: KernelClient) {
  const cell = kernel.start('console.log("begun"); while (true) {}');
  await cell.until(({ type }) => type === "stream");
  return cell;
}

const hasIPv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === "::1"),
);

test(
  "a kernel listens on an IPv6 address",
  { skip: hasIPv6 ? false : "this machine has no IPv6" },
  async () => {
    const kernel = await KernelClient.start({ transport: "tcp", ip: "::1" });
    try {
      assert.match(kernel.connection.addresses.shell, /^tcp:\/\/\[::1\]:/);
      assert.equal((await kernel.run("1 + 1")).result, "2");
      assert.ok((await kernel.heartbeat()) > 0);
      assert.equal((await kernel.shutdown()).content.status, "ok");
    } finally {
      await kernel.close();
    }
  },
);

describe("a kernel that starts", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel?.close());

  test("welcomes subscribers, and publishes once that it is starting", async () => {
    await kernel.settle();
    const second = new Subscriber({ receiveTimeout: PATIENCE });
    second.connect(kernel.connection.addresses.iopub);
    second.subscribe();
    const [frames] = await second.receive().finally(() => second.close());
    assert.ok(frames);
    await kernel.settle();
    const [welcome, starting] = kernel.iopub;
    assert.ok(welcome && starting);
    assert.equal(welcome.type, "iopub_welcome");
    assert.deepEqual(welcome.content, { subscription: "" });
    assert.deepEqual(welcome.parentHeader, {});
    assert.equal(starting.type, "status");
    assert.deepEqual(starting.content, { execution_state: "starting" });
    assert.deepEqual(starting.parentHeader, {});
    const again = kernel.iopub.filter(
      ({ content }) => content.execution_state === "starting",
    );
    assert.equal(again.length, 1);
  });

  test("welcomes each subscription to a topic", async () => {
    const topic = new Subscriber({ receiveTimeout: PATIENCE });
    topic.connect(kernel.connection.addresses.iopub);
    topic.subscribe("stream");
    try {
      const welcome = Message.decode(await topic.receive(), kernel.signer);
      assert.equal(welcome.type, "iopub_welcome");
      assert.deepEqual(welcome.content, { subscription: "stream" });
      await kernel.run('console.log("on the topic")');
      const stream = Message.decode(await topic.receive(), kernel.signer);
      assert.equal(stream.content.text, "on the topic\n");
    } finally {
      topic.close();
    }
  });

  for (const channel of ["shell", "control"] as const) {
    test(`answers kernel_info on ${channel}`, async () => {
      const { content } = await kernel.request(
        "kernel_info_request",
        {},
        channel,
      );
      assert.equal(content.status, "ok");
      assert.match(String(content.protocol_version), /^5\.\d+$/);
      assert.equal(content.implementation, "convnotes");
      assert.match(String(content.implementation_version), /^\d+\.\d+\.\d+/);
      assert.match(String(content.banner), /TypeScript .* Node v\d+/);
      const language = content.language_info as Record<string, string>;
      assert.equal(language.name, "typescript");
      assert.match(language.version!, /^6\.0\.\d+$/);
      assert.equal(language.file_extension, ".ts");
      assert.equal(language.pygments_lexer, "typescript");
      assert.match(language.mimetype!, /^\w+\/[\w.-]+$/);
      const links = content.help_links as { text: string; url: string }[];
      assert.ok(links.length > 0);
      for (const { text, url } of links) {
        assert.ok(text.length > 0);
        assert.match(url, /^https:\/\//);
      }
    });
  }

  test("uses the reported protocol version in its messages", async () => {
    const { content, reply } = await kernel.request("kernel_info_request");
    assert.equal(reply?.header.version, content.protocol_version);
  });

  test("has no comms", async () => {
    const { content } = await kernel.request("comm_info_request", {});
    assert.deepEqual(content, { status: "ok", comms: {} });
  });
});

describe("a kernel whose cell loops", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
    await kernel.run("const declared = { one: 1 };");
  });
  after(() => kernel?.close());

  test("answers heartbeat, control, completion and inspection", async () => {
    const cell = await loop(kernel);
    await kernel.heartbeat();
    for (const channel of ["control", "shell"] as const) {
      const { content } = await kernel.request(
        "kernel_info_request",
        {},
        channel,
      );
      assert.equal(content.status, "ok");
    }
    const completed = await kernel.request("complete_request", {
      code: "declared.o",
      cursor_pos: 10,
    });
    assert.deepEqual(completed.content.matches, ["one"]);
    const inspected = await kernel.request("inspect_request", {
      code: "declared",
      cursor_pos: 3,
      detail_level: 0,
    });
    assert.equal(inspected.content.found, true);
    const complete = await kernel.request("is_complete_request", {
      code: "f(",
    });
    assert.equal(complete.content.status, "incomplete");
    assert.ok(
      !cell.messages.some(({ content }) => content.execution_state === "idle"),
    );
    await kernel.interrupt();
    await cell.done;
  });

  test("is reported as busy again after such a reply", async () => {
    const cell = await loop(kernel);
    const asked = await kernel.request("comm_info_request");
    const idle = asked.messages.at(-1) ?? assert.fail();
    await kernel.until(() => {
      const later = kernel.iopub.slice(kernel.iopub.indexOf(idle) + 1);
      return later.find(
        ({ content, parentHeader }) =>
          content.execution_state === "busy" && parentHeader.msg_id === cell.id,
      );
    });
    await kernel.interrupt();
    await cell.done;
  });
});

describe("a kernel whose compiler is busy", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel?.close());

  test("answers heartbeat and control before the cell", async () => {
    await kernel.run("1");
    const cell = await kernel.whileCompiling(async () => {
      const cell = kernel.start("2");
      await cell.until(({ type }) => type === "execute_input");
      await kernel.heartbeat();
      await kernel.settle();
      const info = await kernel.request("kernel_info_request");
      assert.equal(info.content.status, "ok");
      assert.ok(
        !cell.messages.some(
          ({ content }) => content.execution_state === "idle",
        ),
      );
      return cell;
    });
    assert.equal((await cell.done).content.status, "ok");
  });
});

describe("a kernel that is shut down", () => {
  for (const restart of [true, false]) {
    test(`answers shutdown_request with restart ${restart}, and both processes end`, async () => {
      const kernel = await KernelClient.start();
      try {
        await kernel.run("1");
        const runtime = runtimeOf(kernel);
        const { content, messages } = await kernel.shutdown(restart);
        assert.deepEqual(content, { status: "ok", restart });
        assert.deepEqual(
          messages.map(({ type, content }) => content.execution_state ?? type),
          ["busy", "shutdown_reply", "idle"],
        );
        assert.equal(await assertEnds(kernel, runtime), 0);
      } finally {
        await kernel.close();
      }
    });
  }

  test("ends even while a cell loops", async () => {
    const kernel = await KernelClient.start();
    try {
      await loop(kernel);
      const runtime = runtimeOf(kernel);
      const { content } = await kernel.shutdown();
      assert.equal(content.status, "ok");
      assert.equal(await assertEnds(kernel, runtime), 0);
    } finally {
      await kernel.close();
    }
  });

  test("ends after a request on the shell channel", async () => {
    const kernel = await KernelClient.start();
    try {
      const runtime = runtimeOf(kernel);
      const { content } = await kernel.request("shutdown_request", {
        restart: false,
      });
      assert.deepEqual(content, { status: "ok", restart: false });
      assert.equal(await assertEnds(kernel, runtime), 0);
    } finally {
      await kernel.close();
    }
  });

  for (const [when, begun] of [
    ["", (children: number[]) => children.some(isRuntime)],
    [" while the kernel starts", (children: number[]) => children.length > 0],
  ] as const) {
    test(`ends when the Jupyter that started it is killed${when}`, async () => {
      // A shell takes the role of Jupyter.
      const folder = mkdtempSync(join(tmpdir(), "convnotes-orphan-"));
      const file = join(folder, "connection.json");
      await writeConnectionFile(file);
      const main = join(projectFolder, "kernel", "dist", "main.js");
      const shell = spawn(
        "sh",
        ["-c", `"${process.execPath}" "${main}" "${file}" & echo $!; wait`],
        {
          stdio: ["ignore", "pipe", "ignore"],
          env: { ...process.env, JPY_PARENT_PID: "1" },
        },
      );
      const front = await new Promise<number>((resolve) =>
        shell.stdout.once("data", (text: Buffer) =>
          resolve(Number(text.toString())),
        ),
      );
      let children: number[] = [];
      try {
        await until(() => {
          children = childrenOf(front);
          return begun(children) || !isAlive(front);
        }, "the kernel's processes");
        shell.kill("SIGKILL");
        for (const pid of [front, ...children]) {
          assert.notEqual(await endOf(pid, END_PATIENCE), undefined);
        }
      } finally {
        for (const pid of [front, ...children]) {
          if (isAlive(pid)) process.kill(pid, "SIGKILL");
        }
        rmSync(folder, { recursive: true });
      }
    });
  }

  test("ends by SIGTERM, even while a cell loops", async () => {
    const kernel = await KernelClient.start();
    try {
      await loop(kernel);
      const runtime = runtimeOf(kernel);
      kernel.front.kill("SIGTERM");
      assert.equal(await assertEnds(kernel, runtime), 0);
    } finally {
      await kernel.close();
    }
  });

  for (const [what, busy] of [
    ["while a cell loops", true],
    ["while nothing runs", false],
  ] as const) {
    test(`leaves no runtime when it is killed ${what}`, async () => {
      const kernel = await KernelClient.start();
      try {
        await (busy ? loop(kernel) : kernel.run("1"));
        const runtime = runtimeOf(kernel);
        assert.ok(isAlive(runtime));
        kernel.front.kill("SIGKILL");
        await assertEnds(kernel, runtime);
      } finally {
        await kernel.close();
      }
    });
  }

  test("restarts on the same ports, without variables", async () => {
    const ports = await freePorts(5);
    const first = await KernelClient.start({ transport: "tcp", ports });
    try {
      await first.run("const old = 1;");
      await first.shutdown(true);
      await first.ended;
    } finally {
      await first.close();
    }
    const second = await KernelClient.start({ transport: "tcp", ports });
    try {
      const { content, error } = await second.execute("old");
      assert.equal(content.execution_count, 1);
      assert.match(String(error?.evalue), /Cannot find name 'old'/);
    } finally {
      await second.close();
    }
  });
});

describe("a kernel that cannot start", () => {
  const start = (...parameters: string[]) =>
    spawnSync(
      process.execPath,
      [join(projectFolder, "kernel", "dist", "main.js"), ...parameters],
      { encoding: "utf8", timeout: PATIENCE },
    );

  test("lists the compilers in one line", () => {
    const main = join(projectFolder, "kernel", "dist", "main.js");
    const { stderr, status } = spawnSync(
      process.execPath,
      [main, "--compiler", "other", "file.json"],
      { encoding: "utf8" },
    );
    assert.equal(status, 1);
    assert.equal(
      stderr,
      "Expected --compiler to be checked or tslab, received other.\n",
    );
  });

  test("runs with tslab's converter if the option selects it", async () => {
    const kernel = await KernelClient.start({
      parameters: ["--compiler", "tslab"],
    });
    try {
      await kernel.run(
        "const a: number = 20; import { sep } from 'node:path';",
      );
      assert.equal((await kernel.run("a + 1 + sep")).result, "'21/'");
      const { error } = await kernel.execute("a.toUpperCase()");
      assert.equal(error?.ename, "TypeScriptError");
      const info = await kernel.request("kernel_info_request");
      const { version } = info.content.language_info as { version: string };
      assert.equal(version, "5.0.4");
    } finally {
      await kernel.close();
    }
  });

  test("reports a missing connection file in one line", () => {
    const { status, stderr } = start();
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^Expected the path of a connection file, received none\..*\n$/,
    );
  });

  test("reports an invalid connection file in one line", () => {
    const folder = mkdtempSync(join(tmpdir(), "convnotes-"));
    try {
      const missing = start(join(folder, "missing.json"));
      assert.equal(missing.status, 1);
      assert.match(missing.stderr, /^Expected a connection file.*ENOENT.*\n$/);
      const file = join(folder, "kernel.json");
      writeFileSync(file, '{ "shell_port": "many" }');
      const wrong = start(file);
      assert.equal(wrong.status, 1);
      assert.match(wrong.stderr, /^Expected a port number.*"many".*\n$/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
