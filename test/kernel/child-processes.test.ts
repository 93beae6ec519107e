/**
 * Tests processes started by cells: interrupts reach them, and they end with the kernel.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { until } from "../until";
import { KernelClient, PATIENCE } from "./kernel-client";
import { endOf, isAlive } from "./processes";

/** Source of a program that writes its process id to a file and then runs for a long time. */
function program(file: string, before = ""): string {
  return `${before}echo $$ > ${file}; exec sleep 600`;
}

/** Ways in which cells wait for a program, as TypeScript source. */
const WAITS: Readonly<Record<string, (command: string) => string>> = {
  execSync: (command) =>
    `import { execSync } from "node:child_process"; execSync(${command});`,
  "execSync, which inherits": (command) =>
    `import { execSync } from "node:child_process"; execSync(${command}, { stdio: "inherit" });`,
  spawnSync: (command) =>
    `import { spawnSync } from "node:child_process"; spawnSync("sh", ["-c", ${command}]); console.log("went on");`,
  execFileSync: (command) =>
    `import { execFileSync } from "node:child_process"; execFileSync("sh", ["-c", ${command}]);`,
  "execSync after an await": (command) =>
    `import { execSync } from "node:child_process"; await null; execSync(${command});`,
  "execSync in a timer": (command) =>
    `import { execSync } from "node:child_process"; setTimeout(() => execSync(${command}), 1); await new Promise(() => undefined);`,
  "await exec": (command) =>
    `import { exec } from "node:child_process"; import { promisify } from "node:util"; await promisify(exec)(${command});`,
  "await exec, of a grandchild": (command) =>
    `import { exec } from "node:child_process"; import { promisify } from "node:util"; await promisify(exec)("(" + ${command} + "); true");`,
  spawn: (command) =>
    `import { spawn } from "node:child_process"; await new Promise((resolve) => spawn("sh", ["-c", ${command}], { stdio: "inherit" }).on("exit", resolve));`,
};

/** Waits for a process to write its id to the file. */
async function processOf(file: string): Promise<number> {
  const text = await until(() => {
    const written = existsSync(file) ? readFileSync(file, "utf8") : "";
    return written.endsWith("\n") && written;
  }, "the program");
  rmSync(file);
  return Number(text);
}

async function assertEnds(pid: number): Promise<void> {
  assert.notEqual(
    await endOf(pid, PATIENCE),
    undefined,
    "The process is still running.",
  );
}

const BACKGROUND = `import { spawn } from "node:child_process";`;

describe("an interrupt", () => {
  let kernel: KernelClient;
  let file: string;
  before(async () => {
    kernel = await KernelClient.start();
    file = join(kernel.folder, "pid");
    await kernel.run("let kept = 41;");
  });
  after(() => kernel?.close());

  const start = (command: string) =>
    `spawn("sh", ["-c", ${JSON.stringify(command)}])`;

  for (const [name, wait] of Object.entries(WAITS)) {
    test(`ends a process that a cell waits for by ${name}`, async () => {
      const { runtimePid, compilerPid } = kernel;
      const cell = kernel.start(wait(JSON.stringify(program(file))));
      const pid = await processOf(file);
      await kernel.interrupt();
      const { content, stdout, stderr } = await cell.done;
      assert.equal(content.ename, "Interrupt");
      assert.equal(stdout + stderr, "");
      await assertEnds(pid);
      assert.equal((await kernel.run("kept")).result, "41");
      assert.equal(kernel.runtimePid, runtimePid);
      assert.equal(kernel.compilerPid, compilerPid);
    });
  }

  test("ends processes of ended cells, except those that ignore it or are detached", async () => {
    await kernel.run(`${BACKGROUND} ${start(program(file))}; 0`);
    const plain = await processOf(file);
    await kernel.run(`${start(program(file, "trap '' INT; "))}; 0`);
    const ignoring = await processOf(file);
    await kernel.run(
      `spawn("sh", ["-c", ${JSON.stringify(program(file))}], { detached: true }).unref(); 0`,
    );
    const detached = await processOf(file);
    try {
      await kernel.interrupt();
      await assertEnds(plain);
      assert.equal((await kernel.run("kept")).result, "41");
      assert.ok(isAlive(ignoring) && isAlive(detached));
    } finally {
      for (const pid of [ignoring, detached]) process.kill(pid, "SIGKILL");
    }
  });
});

describe("a process started by a cell", () => {
  const ends: Readonly<Record<string, (kernel: KernelClient) => unknown>> = {
    "is shut down": (kernel) => kernel.shutdown(),
    "is restarted": (kernel) => kernel.shutdown(true),
    "gets SIGTERM": (kernel) => kernel.front.kill("SIGTERM"),
    "is killed": (kernel) => kernel.front.kill("SIGKILL"),
    "is killed while a cell loops": async (kernel) => {
      const cell = kernel.start('console.log("begun"); for (;;);');
      await cell.until(({ type }) => type === "stream");
      kernel.front.kill("SIGKILL");
    },
    "loses its runtime": (kernel) =>
      process.kill(kernel.runtimePid ?? assert.fail(), "SIGKILL"),
    "has a cell that exits": (kernel) => kernel.execute("process.exit(3)"),
  };
  for (const [how, end] of Object.entries(ends)) {
    test(`ends when the kernel ${how}, even if it ignores signals`, async () => {
      const kernel = await KernelClient.start();
      let detached: number | undefined;
      try {
        const file = join(kernel.folder, "pid");
        const stubborn = program(file, "trap '' INT TERM HUP; ");
        await kernel.run(
          `${BACKGROUND} spawn("sh", ["-c", ${JSON.stringify(stubborn)}]); 0`,
        );
        const pid = await processOf(file);
        await kernel.run(
          `spawn("sh", ["-c", ${JSON.stringify(program(file))}], { detached: true }).unref(); 0`,
        );
        detached = await processOf(file);
        await end(kernel);
        await assertEnds(pid);
        assert.ok(isAlive(detached));
      } finally {
        if (detached !== undefined) process.kill(detached, "SIGKILL");
        await kernel.close();
      }
    });
  }
});
