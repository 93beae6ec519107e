/**
 * A class on one machine: a fresh clone is installed as docs/teaching.md says, and ten students
 * with accounts of their own run lab 3 at the same time on its hub.
 *
 * Needs root, the registries and 10 GB of free memory, and takes 10 to 20 minutes on two busy
 * cores. The accounts are made for the test and removed after it.
 */
import assert from "node:assert/strict";
import {
  type ChildProcess,
  execFileSync,
  spawn,
  spawnSync,
} from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { freemem } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { solutionCopy } from "../../scripts/handouts/lab-copies";
import { readNotebook, sourceOf } from "../../scripts/handouts/notebook";
import { root, temporaryFolder } from "../lessons/notebook-file";
import { copyCheckout } from "../setup/container-files";
import { type Account, ClassAccounts, noAccounts } from "./class-accounts";
import { ClassMemory, memoryOfPrograms } from "./class-memory";

const minutes = 60_000;
const students = 10;
const neededMemory = 10e9;
/** What setup builds, except for the Python environments. */
const built = [
  "node_modules",
  "kernel/node_modules",
  "src/node_modules",
  "src/engine/native/build",
  "src/notebook/dist",
  "src/declarations",
  "kernel/dist",
];
/** A Python of the system, which every account can start. */
const systemPython = "/usr/bin/python3";

/** The reason why there can be no class here, or false if there can. */
const skip = noAccounts || lacking();

function lacking(): string | false {
  try {
    execFileSync(systemPython, ["-c", "import venv, ensurepip"], {
      stdio: "ignore",
    });
  } catch {
    return "needs python3-venv of the system, which every account can start";
  }
  return freemem() + cached() < neededMemory
    ? "ten students need 10 GB of free memory"
    : false;
}

/** Returns the memory that Linux would free, in bytes. */
function cached(): number {
  const found = /^Cached:\s+(\d+) kB/m.exec(
    readFileSync("/proc/meminfo", "utf8"),
  );
  return Number(found?.[1] ?? 0) * 1024;
}

/** What hub_class.py writes. */
interface ClassResult {
  readonly "wrong password": string;
  readonly start: readonly number[];
  readonly files: readonly (readonly string[])[];
  readonly kernels: readonly string[];
  readonly work: readonly {
    readonly name: string;
    readonly seconds: number;
    readonly cells: readonly (Outcome & { readonly id: string })[];
  }[];
  readonly greedy: Outcome;
  readonly others: readonly string[];
  readonly afterwards: string;
  readonly own: Readonly<Record<string, string>>;
  readonly other: Readonly<Record<string, string>>;
  readonly api: Readonly<Record<string, readonly [number, number]>>;
}

interface Outcome {
  readonly text: string;
  readonly error: {
    readonly ename: string;
    readonly evalue: string;
    readonly traceback: readonly string[];
  } | null;
}

const lab = path.join(root, "notebooks", "labs", "lab-3.ipynb");

describe("ten students on a hub", { skip }, () => {
  const { folder, remove } = temporaryFolder();
  const clone = path.join(folder, "convnotes");
  let people: ClassAccounts;
  let hub: ChildProcess | undefined;
  let log = "";
  let ports: number[];
  let memory: ClassMemory;
  let result: ClassResult;

  before(async () => {
    people = new ClassAccounts(students);
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => {
        if (hub?.exitCode === null) process.kill(-hub.pid!, "SIGINT");
        people.remove();
        process.exit(1);
      });
    ports = await freePorts(3);
  });

  after(async () => {
    memory?.stop();
    await endHub();
    people?.remove();
    remove();
  });

  /** Ends the hub as Ctrl-C does. */
  async function endHub(): Promise<void> {
    const running = hub;
    hub = undefined;
    if (running?.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once("close", resolve));
    process.kill(-running.pid!, "SIGINT");
    const late = setTimeout(
      () => process.kill(-running.pid!, "SIGKILL"),
      minutes,
    );
    await ended;
    clearTimeout(late);
  }

  const variables = {
    ...process.env,
    CONVNOTES_PYTHON: systemPython,
    CONVNOTES_HUB_STATE: path.join(folder, "state"),
    CONVNOTES_MEMORY: "2GB",
    CONVNOTES_MODE: "quick",
  };

  /** Writes a teacher's configuration, and returns the arguments for `npm run hub`. */
  function settings(name: string, lines: readonly string[]): string[] {
    const file = path.join(folder, name);
    const own = path.join(clone, "scripts", "class", "jupyterhub_config.py");
    writeFileSync(
      file,
      [
        `load_subconfig("${own}")`,
        `c.LocalAuthenticator.allowed_groups = {"${people.group}"}`,
        `c.JupyterHub.hub_port = ${ports[1]}`,
        `c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:${ports[2]}"`,
        ...lines,
        "",
      ].join("\n"),
    );
    return ["--config", file];
  }

  test("a clone is installed in one place", { timeout: 30 * minutes }, () => {
    chmodSync(folder, 0o755);
    execFileSync("git", ["clone", "--quiet", root, clone]);
    // With what is not committed yet.
    copyCheckout(clone);
    // What takes minutes to compile is this checkout's; test/long/setup.test.ts compiles it.
    for (const name of built)
      if (existsSync(path.join(root, name)))
        execFileSync("cp", [
          "-a",
          path.join(root, name),
          path.join(clone, name),
        ]);
    execFileSync("npm", ["run", "hub", "--", "--install"], {
      cwd: clone,
      env: variables,
      stdio: ["ignore", "ignore", "inherit"],
    });
    // As docs/teaching.md says: the solutions are not for students.
    execFileSync("chmod", ["-R", "o-rwx", ".git", "notebooks/labs"], {
      cwd: clone,
    });
  });

  for (const [where, options] of [
    ["all addresses", ["--ip", "0.0.0.0"]],
    ["all addresses, by default", ["--ip", ""]],
  ] as const)
    test(`the hub refuses a dummy authenticator on ${where}`, () => {
      const { status, stdout, stderr } = spawnSync(
        "npm",
        [
          ...["run", "hub", "--", ...settings("dummy.py", [])],
          ...["--JupyterHub.authenticator_class=dummy", ...options],
        ],
        { cwd: clone, env: variables, encoding: "utf8", timeout: 10 * minutes },
      );
      assert.equal(status, 1, stdout + stderr);
      assert.match(
        stderr,
        /Expected an authenticator that checks who logs in, received the dummy/,
      );
    });

  test(
    "the class works at the same time",
    { timeout: 60 * minutes },
    async (context) => {
      hub = spawn(
        "npm",
        ["run", "hub", "--", ...settings("class.py", []), `--port=${ports[0]}`],
        {
          cwd: clone,
          env: variables,
          detached: true,
          stdio: ["ignore", "pipe", "pipe"],
        },
      );
      for (const stream of [hub.stdout!, hub.stderr!])
        stream.on("data", (data: Buffer) => (log += data.toString()));
      await answers(`http://127.0.0.1:${ports[0]}/hub/health`, () => log);
      memory = new ClassMemory(people);
      result = await classWork();
      report(context);
    },
  );

  test("each student gets the course, and the kernel", () => {
    for (const files of result.files)
      assert.deepEqual(
        files,
        [1, 2, 3, 4].map((number) => `convnotes/labs/lab-${number}.ipynb`),
      );
    assert.deepEqual(new Set(result.kernels), new Set(["convnotes"]));
  });

  test("every notebook ran to its end, and every check accepted the answers", () => {
    assert.equal(result.work.length, students);
    for (const { name, cells } of result.work) {
      const failed = cells.find(({ error }) => error !== null);
      assert.equal(failed, undefined, `${name}: ${JSON.stringify(failed)}`);
      const right = cells.filter(({ text }) => text.startsWith("✓ right"));
      assert.equal(right.length, 6, name);
    }
  });

  test("a wrong password does not log in", () => {
    assert.match(result["wrong password"], /403/);
  });

  test("a cell that takes too much memory gets one error, and the others go on", () => {
    const { error } = result.greedy;
    assert.equal(error?.ename, "OutOfMemory");
    assert.match(
      error.evalue,
      /^Expected at most 2000MB of memory .*, received \d+MB\./,
    );
    assert.match(error.traceback.join("\n"), /ERR_MEMORY/);
    assert.equal(result.afterwards, "2");
    assert.deepEqual(
      result.others,
      Array.from({ length: students - 1 }, (_, at) => String(at + 1)),
    );
  });

  test("a student reads the own work, history and sockets, and no other does", () => {
    const places = Object.keys(result.own);
    assert.ok(
      places.some((place) => place.includes("-ipc-")),
      places.join(),
    );
    assert.ok(places.some((place) => place.endsWith("history.jsonl")));
    assert.deepEqual(
      new Set(Object.values(result.own)),
      new Set(["read"]),
      JSON.stringify(result.own),
    );
    assert.deepEqual(
      new Set(Object.values(result.other)),
      new Set(["EACCES"]),
      JSON.stringify(result.other),
    );
    for (const [place, [own, other]] of Object.entries(result.api)) {
      assert.equal(own, 200, place);
      assert.ok(other === 403 || other === 404, `${place}: ${other}`);
    }
  });

  test("each history has the own cells only", () => {
    for (const [at, { home }] of people.accounts.entries()) {
      const file = path.join(
        home,
        ".local/share/jupyter/convnotes/history.jsonl",
      );
      const text = readFileSync(file, "utf8");
      const numbers = [...text.matchAll(/const mine = (\d+);/g)].map(
        ([, number]) => Number(number),
      );
      assert.deepEqual(numbers, at === 0 ? [] : [at]);
    }
  });

  test("no student's process listens on a port except the server, which asks who it is", () => {
    const listening = new Map<number, number>();
    for (const table of ["tcp", "tcp6"])
      for (const line of readFileSync(`/proc/net/${table}`, "utf8")
        .split("\n")
        .slice(1)) {
        const fields = line.trim().split(/\s+/);
        // 0A is LISTEN.
        if (fields[3] === "0A")
          listening.set(
            Number(fields[7]),
            (listening.get(Number(fields[7])) ?? 0) + 1,
          );
      }
    for (const { name, uid } of people.accounts)
      assert.equal(listening.get(uid), 1, name);
  });

  test("no student can read the labs' solutions or write to the course", () => {
    const [first] = people.accounts;
    const solution = path.join(clone, "notebooks", "labs", "lab-3.ipynb");
    assert.notEqual(as(first!, ["cat", solution]), 0);
    const given = path.join(
      clone,
      ".venv-hub/share/convnotes/course/labs/lab-3.ipynb",
    );
    assert.equal(as(first!, ["cat", given]), 0);
    assert.notEqual(as(first!, ["touch", given]), 0);
    assert.equal(as(first!, ["test", "!", "-w", clone]), 0);
  });

  test("nothing is left when the hub ends", async () => {
    await endHub();
    for (const [{ name }, ids] of people.processes())
      assert.deepEqual(ids, [], name);
  });

  /** Lets the students log in and work, and returns what they saw. */
  function classWork(): Promise<ClassResult> {
    const cells = solutionCopy(readNotebook(lab));
    const task = {
      url: `http://127.0.0.1:${ports[0]}`,
      students: people.accounts.map(({ name, password, home }) => ({
        name,
        password,
        home,
      })),
      notebook: cells,
      cells: cells.cells
        .filter((cell) => cell.cell_type === "code")
        .map((cell) => ({ id: cell.id, source: sourceOf(cell) })),
      greedy:
        "const held: Buffer[] = []; for (;;) { held.push(Buffer.alloc(50e6, 1)); await new Promise((resolve) => setTimeout(resolve, 20)); }",
    };
    const program = path.join(__dirname, "hub_class.py");
    const child = spawn(
      path.join(clone, ".venv-hub", "bin", "python"),
      [program],
      { stdio: ["pipe", "pipe", "pipe"] },
    );
    let output = "";
    let errors = "";
    child.stdout.on("data", (data: Buffer) => (output += data.toString()));
    child.stderr.on("data", (data: Buffer) => {
      errors += data.toString();
      // The figures are those of the lab, not of the cell that takes too much.
      if (errors.includes("notebooks finished")) memory.stop();
    });
    child.stdin.end(JSON.stringify(task));
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) =>
        code === 0
          ? resolve(JSON.parse(output) as ClassResult)
          : reject(new Error(`${errors}\n${log.slice(-10_000)}`)),
      );
    });
  }

  /** Prints the figures of docs/teaching.md. */
  function report(context: { diagnostic(text: string): void }): void {
    const megabytes = (bytes = 0): string => (bytes / 1e6).toFixed(0);
    for (const [{ name }, { memory: all, roles, seconds }] of memory.peaks) {
      const parts = Object.entries(roles).map(
        ([role, bytes]) => `${role} ${megabytes(bytes)}`,
      );
      context.diagnostic(
        `${name}: at most ${megabytes(all)} MB (${parts.join(", ")}), ${seconds.toFixed(0)} s of processor time`,
      );
    }
    context.diagnostic(
      `all students at one time: at most ${megabytes(memory.largest)} MB`,
    );
    context.diagnostic(
      `hub and proxy: ${megabytes(memoryOfPrograms(path.join(clone, ".venv-hub")))} MB`,
    );
    const list = (values: readonly number[]): string =>
      values.map((value) => value.toFixed(0)).join(" ");
    context.diagnostic(`seconds to start the servers: ${list(result.start)}`);
    context.diagnostic(
      `seconds for the lab: ${list(result.work.map(({ seconds }) => seconds))}`,
    );
    context.diagnostic(
      `disk of a student: ${execFileSync("du", ["-sh", people.accounts[0]!.home], { encoding: "utf8" }).split("\t")[0]}; of the clone: ${execFileSync("du", ["-sh", clone], { encoding: "utf8" }).split("\t")[0]}`,
    );
  }

  /** Runs a program as an account and returns its exit code. */
  function as({ name }: Account, command: readonly string[]): number {
    try {
      execFileSync("runuser", ["-u", name, "--", ...command], {
        stdio: "ignore",
      });
      return 0;
    } catch {
      return 1;
    }
  }
});

/** Returns TCP ports of the loopback address that were free a moment ago. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, "127.0.0.1", () =>
            resolve((server.address() as AddressInfo).port),
          );
        }),
    ),
  );
  await Promise.all(
    servers.map((server) => new Promise((resolve) => server.close(resolve))),
  );
  return ports;
}

/** Waits until a server answers. */
async function answers(address: string, log: () => string): Promise<void> {
  for (let second = 0; second < 600; second += 1) {
    try {
      if ((await fetch(address)).ok) return;
    } catch {
      // It does not listen yet.
    }
    await pause(1_000);
  }
  throw new Error(`Expected an answer of ${address}, received none:\n${log()}`);
}
