/**
 * Tests the magics that need no packages, in a kernel: what they print, and that a cell with magics
 * is checked, completed and explained like any other.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { magics } from "../../../kernel/magics/catalog";
import { DebugClient } from "../debugger/debug-client";
import { type Answer, KernelClient, projectFolder } from "../kernel-client";

/** A time such as "1.23 ms" or "0 s". */
const TIME = String.raw`\d+(?:\.\d+)?(?:e[+-]\d+)? (?:s|ms|µs|ns)`;
const TIMES = new RegExp(
  `^CPU times: user ${TIME}, sys: ${TIME}, total: ${TIME}\nWall time: ${TIME}\n$`,
);

/** The text of a cell's only display. */
function shown({ messages }: Answer, type = "text/plain"): string {
  const displays = messages.filter((each) => each.type === "display_data");
  assert.equal(displays.length, 1);
  const data = displays[0]!.content.data as Readonly<Record<string, string>>;
  return data[type] ?? "";
}

describe("a kernel with magics", () => {
  let kernel: KernelClient;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "convnotes-magics-")));
  before(async () => {
    kernel = await KernelClient.start({
      folder,
      variables: { SOME_TOKEN: "hidden-value", PLAIN: "shown-value" },
    });
    await kernel.run(
      "function double(x: number) { return 2 * x; }\nlet maybe: string | undefined = 'a';",
    );
  });
  after(async () => {
    await kernel?.close();
    rmSync(folder, { recursive: true });
  });

  test("lists all magics and shows the help of one", async () => {
    const { stdout } = await kernel.run("%help");
    for (const { name, summary } of magics) {
      assert.match(
        stdout,
        new RegExp(`^%${name} +${summary.slice(0, 9)}`, "m"),
      );
    }
    const one = await kernel.run("%help %timeit");
    assert.match(one.stdout, /%%timeit \[SETUP\]/);
    const { error } = await kernel.execute("%help tiem");
    assert.match(error!.evalue, /received %tiem\. Did you mean %time\?/);
  });

  test("names the nearest magic to an unknown one, and runs nothing", async () => {
    const { error, content } = await kernel.execute("var ran = 1;\n%tiem f()");
    assert.equal(content.status, "error");
    assert.match(error!.evalue, /Did you mean %time\?/);
    assert.match(error!.traceback, /> 2 \| %tiem f\(\)/);
    assert.equal((await kernel.execute("ran")).error?.ename, "TypeScriptError");
  });

  test("%time measures a statement, and keeps its value and names", async () => {
    const value = await kernel.run("%time double(4)");
    assert.match(value.stdout, TIMES);
    assert.equal(value.result, "8");
    const named = await kernel.run(
      "%time const timed = await Promise.resolve(double(5));\ntimed",
    );
    assert.match(named.stdout, TIMES);
    assert.equal(named.result, "10");
    assert.equal((await kernel.run("timed")).result, "10");
    const two = await kernel.run("%time double(1)\n%time double(2)");
    assert.equal(two.stdout.match(/Wall time/g)?.length, 2);
    assert.equal(two.result, "4");
    const loop = await kernel.run("%time for (const a of [1, 2]) {\n  a;\n}");
    assert.match(loop.stdout, TIMES);
  });

  test("%time counts what is awaited", async () => {
    const { stdout } = await kernel.run(
      "%time await new Promise((resolve) => setTimeout(resolve, 1200))",
    );
    const [, seconds] = /Wall time: ([\d.]+) s/.exec(stdout) ?? [];
    assert.ok(Number(seconds) >= 1.19, stdout);
  });

  test("a measured statement is checked, at its own place", async () => {
    const { error } = await kernel.execute(
      'const before = 1;\n%time const wrong: string = double(1); // "x"',
    );
    assert.match(error!.evalue, /^TS2322/);
    assert.match(
      error!.traceback,
      /> 2 \| %time const wrong: string = double\(1\); \/\/ "x"\n +\| +\^\^\^\^\^\n/,
    );
    assert.doesNotMatch(error!.traceback, /semicolon/);
    const second = await kernel.execute("%time double(1); double('b')");
    assert.match(second.error!.traceback, /\n +\| {25}\^\^\^\n/);
    const thrown = await kernel.execute("const here = 1;\n%time null!.x");
    assert.match(thrown.error!.evalue, /^TS/);
    const late = await kernel.execute(
      "const o: any = null;\n%time double(1); o.missing",
    );
    assert.match(late.error!.traceback, /at In\[\d+\]:2:20/);
  });

  test("%timeit repeats as often as it is told", async () => {
    const { stdout } = await kernel.run(
      "let count = 0;\n%timeit -n 5 -r 3 count += 1",
    );
    assert.match(
      stdout,
      new RegExp(
        `^(?:The slowest.*\n)?${TIME} ± ${TIME} per loop \\(mean ± std\\. dev\\. of 3 runs, 5 loops each\\)\n$`,
      ),
    );
    assert.equal((await kernel.run("count")).result, "15");
    const chosen = await kernel.run("%timeit -r 1 double(2)");
    assert.match(chosen.stdout, /of 1 run, [\d,]+ loops? each/);
  });

  test("%timeit awaits, keeps narrowed types, and forgets names", async () => {
    await kernel.run("let waits = 0;");
    await kernel.run(
      "%timeit -n 2 -r 2 await new Promise((resolve) => setTimeout(resolve, 1)); waits += 1;",
    );
    // Only the first statement of the line is measured.
    assert.equal((await kernel.run("waits")).result, "1");
    await kernel.run(
      "if (maybe !== undefined) {\n  %timeit -n 1 -r 1 const size = maybe.length;\n}",
    );
    const { error } = await kernel.execute("size");
    assert.match(error!.evalue, /TS2304/);
    const wrong = await kernel.execute("%timeit -n 0 double(1)");
    assert.match(wrong.error!.evalue, /numbers from 1.*received "-n 0"/);
  });

  test("%%time and %%timeit measure a cell", async () => {
    const whole = await kernel.run(
      "%%time\nconst inside = double(8);\ninside + 1 // the value\n",
    );
    assert.match(whole.stdout, TIMES);
    assert.equal(whole.result, "17");
    assert.equal((await kernel.run("inside")).result, "16");
    const silent = await kernel.run("%%time\nif (maybe) { double(1); }");
    assert.match(silent.stdout, TIMES);
    await kernel.run("let setups = 0, loops = 0;");
    await kernel.run("%%timeit -n 4 -r 2 setups += 1;\nloops += 1;\n// end");
    assert.equal((await kernel.run("[setups, loops]")).result, "[ 2, 8 ]");
    const { error } = await kernel.execute("%%time\n1;\nmissing");
    assert.match(error!.traceback, /> 3 \| missing/);
  });

  test("an interrupt stops a measurement", async () => {
    for (const code of [
      "%timeit -n 1000000000 -r 1000 double(2)",
      "%time await new Promise(() => undefined)",
    ]) {
      const pending = kernel.start(code);
      await pending.until(({ type }) => type === "execute_input");
      await new Promise((resolve) => setTimeout(resolve, 500));
      await kernel.interrupt();
      const { error } = await pending.done;
      assert.equal(error?.ename, "Interrupt");
    }
  });

  test("%who lists names with types and values", async () => {
    await kernel.run(
      `const list = [1, 2, 3]; const places = new Map([["a", 1]]);
       class Point { x = 1 } const point = new Point();`,
    );
    const answer = await kernel.run("%who");
    const text = shown(answer);
    assert.match(text, /^name +type +value\n/);
    assert.match(text, /^double +function +ƒ double\(\)$/m);
    assert.match(text, /^list +Array +\(3\) \[1, 2, 3\]$/m);
    assert.match(text, /^places +Map +Map\(1\) \{"a" → 1\}$/m);
    assert.match(text, /^point +Point +Point \{x: 1\}$/m);
    assert.match(shown(answer, "text/html"), /<table>/);
    const some = shown(await kernel.run("%who map // only maps"));
    assert.match(some, /^places/m);
    assert.doesNotMatch(some, /list/);
    const { stdout } = await kernel.run("%who Nothing");
    assert.equal(stdout, "No name has a value of type Nothing.\n");
    // A name of the same cell that has its value by then.
    assert.match(shown(await kernel.run("const own = 1;\n%who")), /^own/m);
  });

  test("%env lists, shows and sets variables of the cells' process", async () => {
    const { stdout } = await kernel.run("%env");
    assert.match(stdout, /^PLAIN=shown-value$/m);
    assert.match(stdout, /^SOME_TOKEN=<hidden>$/m);
    assert.equal((await kernel.run("%env PLAIN")).result, "'shown-value'");
    const set = await kernel.run("%env NEW_ONE=a b // c\nprocess.env.NEW_ONE");
    assert.equal(set.stdout, "NEW_ONE=a b // c\n");
    assert.equal(set.result, "'a b // c'");
    const { error } = await kernel.execute("%env MISSING_ONE");
    assert.match(error!.evalue, /that is set, received MISSING_ONE/);
  });

  test("%cd changes the folder and says the new one", async () => {
    assert.equal((await kernel.run("%cd /")).stdout, "/\n");
    assert.equal((await kernel.run("process.cwd()")).result, "'/'");
    assert.equal((await kernel.run("%cd -")).stdout, `${folder}\n`);
    const home = realpathSync(homedir());
    assert.equal((await kernel.run("%cd ~")).stdout, `${home}\n`);
    assert.equal((await kernel.run(`%cd "${folder}"`)).stdout, `${folder}\n`);
    const { error } = await kernel.execute("%cd missing");
    assert.match(error!.evalue, /a folder that does not exist: .*missing$/);
  });

  test("completes names of magics, and what they measure", async () => {
    const complete = async (code: string, cursor_pos = code.length) => {
      const { content } = await kernel.request("complete_request", {
        code,
        cursor_pos,
      });
      const { matches, cursor_start, cursor_end } = content;
      return { matches: matches as string[], cursor_start, cursor_end };
    };
    assert.deepEqual(await complete("double;\n%ti"), {
      matches: ["%time", "%timeit"],
      cursor_start: 8,
      cursor_end: 11,
    });
    assert.deepEqual((await complete("%%")).matches, ["%%time", "%%timeit"]);
    assert.ok((await complete("%")).matches.includes("%install"));
    assert.deepEqual((await complete("%help wh")).matches, ["who"]);
    const measured = await complete("%time doub");
    assert.ok(measured.matches.includes("double"));
    assert.equal(measured.cursor_start, 6);
    const below = await complete("%cd it's\n%who\ndoub");
    assert.deepEqual(below.cursor_start, 14);
    assert.ok(below.matches.includes("double"));
    assert.deepEqual((await complete("%cd dou")).matches, []);
    assert.ok(!(await complete("double\n%ti")).matches.includes("%time"));
  });

  test("explains magics, and names beside them", async () => {
    const { content } = await kernel.execute("%time?");
    const [page] = content.payload as { data: Record<string, string> }[];
    assert.match(page!.data["text/plain"]!, /%time STATEMENT/);
    const inspect = async (code: string, cursor_pos: number) => {
      const answer = await kernel.request("inspect_request", {
        code,
        cursor_pos,
      });
      return (answer.content.data as Record<string, string>)["text/plain"];
    };
    assert.match((await inspect("%timeit double(1)", 3))!, /-n LOOPS/);
    assert.match((await inspect("%time double(1)", 8))!, /function double/);
    assert.match((await inspect("%tiem", 3))!, /Did you mean %time/);
  });

  test("says whether a cell with magics is complete", async () => {
    for (const [code, status] of [
      ["%who", "complete"],
      ["%time?", "complete"],
      ["%time double(1)", "complete"],
      ["%time double(", "incomplete"],
      ["%%time\nif (maybe) {", "incomplete"],
      ["%cd it's\nconst a = 1;", "complete"],
      ["%time ]", "invalid"],
    ] as const) {
      const { content } = await kernel.request("is_complete_request", { code });
      assert.equal(content.status, status, code);
    }
  });

  test("a breakpoint stops at what a magic measures", async () => {
    const client = new DebugClient(kernel);
    await client.attach();
    const code =
      "const a = 1;\n%install\n%time const stopped = double(a);\nstopped";
    const { breakpoints } = await client.breakIn(code, 2, 4);
    assert.deepEqual(
      breakpoints.map(({ line }) => line),
      [3, 4],
    );
    const pending = kernel.start(code);
    for (const line of [3, 4]) {
      const [frame] = await client.stopped("breakpoint");
      assert.equal(frame?.line, line);
      await client.resume();
    }
    const { result } = await pending.done;
    assert.equal(result, "2");
    await client.ask("disconnect");
  });

  test("%reset asks, and forgets all names on agreement", async () => {
    const options = { allow_stdin: true };
    await kernel.run("const kept = 1;");
    const declined = kernel.start("%reset", options);
    assert.match(String((await kernel.answer("n")).prompt), /Forget all names/);
    assert.equal((await declined.done).stdout, "Nothing was forgotten.\n");
    assert.equal((await kernel.run("kept")).result, "1");
    const refused = await kernel.execute("%reset");
    assert.match(refused.error!.evalue, /%reset -f/);
    const agreed = kernel.start("%reset\ntypeof globalThis", options);
    await kernel.answer("yes");
    const { stdout, result } = await agreed.done;
    assert.match(stdout, /forgotten\. Loaded modules stay loaded\./);
    assert.equal(result, "'object'");
    assert.match((await kernel.execute("kept")).error!.evalue, /TS2304/);
    const nothing = await kernel.run("%who");
    assert.equal(nothing.stdout, "No cell has declared a name.\n");
    await kernel.run("const kept = 'again';");
    assert.equal((await kernel.run("%reset -f\n1 + 1")).result, "2");
    assert.match((await kernel.execute("kept")).error!.evalue, /TS2304/);
  });

  test("keeps magics in the history", async () => {
    await kernel.run("%cd .");
    const { content } = await kernel.request("history_request", {
      hist_access_type: "tail",
      n: 1,
    });
    const [[, , source]] = content.history as [[number, number, string]];
    assert.equal(source, "%cd .");
  });
});

test("%who describes tensors and models, and %install keeps the course's folder", async () => {
  const kernel = await KernelClient.start();
  try {
    await kernel.run(
      `import { tf } from "convnotes/engine/tensorflow";
const images = tf.zeros([2, 3, 3, 1], "int32");
const model = tf.sequential({
  layers: [tf.layers.dense({ units: 2, inputShape: [3] })],
});`,
    );
    const text = shown(await kernel.run("%who"));
    assert.match(text, /^images +Tensor, int32 +\[2, 3, 3, 1\]/m);
    assert.match(text, /^model +Sequential +8 parameters/m);
    assert.match(shown(await kernel.run("%who tensor")), /^images/m);
    // The kernel is in the folder of the lessons, whose packages stay as they are.
    const { error } = await kernel.execute("%install typed");
    assert.match(error!.evalue, /Copy the notebook to another folder/);
    const folder = join(projectFolder, "notebooks");
    assert.ok(!existsSync(join(folder, "package.json")));
  } finally {
    await kernel.close();
  }
});

test("the tslab compiler knows the same magics", async () => {
  const kernel = await KernelClient.start({
    parameters: ["--compiler", "tslab"],
  });
  try {
    const timed = await kernel.run(
      "const a = 1;\n%time const b = await Promise.resolve(a + 1);\nb",
    );
    assert.match(timed.stdout, TIMES);
    assert.equal(timed.result, "2");
    assert.equal((await kernel.run("%time b")).result, "2");
    const { error } = await kernel.execute("b;\n%time const c: string = b;");
    assert.match(error!.evalue, /TS2322/);
    assert.match(error!.traceback, /> 2 \| %time.*\n +\| {13}\^\n/);
    const looped = await kernel.run("let n = 0;\n%timeit -n 3 -r 2 n += 1;\nn");
    assert.match(looped.stdout, /2 runs, 3 loops each/);
    assert.equal(looped.result, "6");
    assert.match(shown(await kernel.run("%who")), /^b +number +2$/m);
    const { content } = await kernel.request("complete_request", {
      code: "%timei",
      cursor_pos: 6,
    });
    assert.deepEqual(content.matches, ["%timeit"]);
    await kernel.run("%reset -f");
    assert.equal((await kernel.execute("b")).error?.ename, "TypeScriptError");
  } finally {
    await kernel.close();
  }
});
