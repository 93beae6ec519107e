/**
 * Arguments of `npm start`, which are checked before setup.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { root, temporaryFolder } from "./notebook-file";

/**
 * A project without installed packages: two lessons, start.mjs, and the files it loads before
 * setup.
 */
let bare: string;
let remove: () => void;

before(() => {
  ({ folder: bare, remove } = temporaryFolder());
  for (const file of ["start.mjs", "lessons/arguments.mjs"]) {
    mkdirSync(path.dirname(path.join(bare, "scripts", file)), {
      recursive: true,
    });
    cpSync(path.join(root, "scripts", file), path.join(bare, "scripts", file));
  }
  mkdirSync(path.join(bare, "notebooks"));
  for (const name of ["lesson-1.ipynb", "lesson-10.ipynb", "lesson-x.ipynb"]) {
    writeFileSync(path.join(bare, "notebooks", name), "{}");
  }
  // Replaces setup: prints a message and exits.
  writeFileSync(
    path.join(bare, "scripts", "setup.mjs"),
    'export async function setup() { console.log("setup reached"); process.exit(42); }\n',
  );
});

after(() => remove());

function start(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(bare, "scripts", "start.mjs"), ...args],
    { encoding: "utf8" },
  );
  return { status, stdout, stderr };
}

describe("npm start's arguments", () => {
  const invalidArguments: [args: string[], message: string][] = [
    [
      ["--mode", "slow"],
      'Expected --mode to be "quick" or "full", received "slow"',
    ],
    [["--mode="], 'Expected --mode to be "quick" or "full", received ""'],
    [["--mode"], 'Expected --mode to be "quick" or "full", received no value'],
    [
      ["--mode", "quick", "--mode", "Full"],
      'Expected --mode to be "quick" or "full", received "Full"',
    ],
    [["--lesson", "7"], 'Expected --lesson to be 1 or 10, received "7"'],
    [["--lesson", "one"], 'Expected --lesson to be 1 or 10, received "one"'],
    [["--lesson", "01"], 'Expected --lesson to be 1 or 10, received "01"'],
    [["--lesson", ""], 'Expected --lesson to be 1 or 10, received ""'],
    [["--lesson"], "Expected --lesson to be 1 or 10, received no value"],
    [
      ["--lesson", "1", "--lesson", "2"],
      'Expected --lesson to be 1 or 10, received "2"',
    ],
    [
      ["--lesson", "--mode", "full"],
      'Expected --lesson to be 1 or 10, received "--mode"',
    ],
    [
      ["--lesons", "1"],
      'Expected the options --lesson, --mode and --help, received "--lesons"',
    ],
    [["1"], 'Expected the options --lesson, --mode and --help, received "1"'],
    [
      ["--", "1"],
      'Expected the options --lesson, --mode and --help, received "1"',
    ],
    [
      ["--constructor"],
      'Expected the options --lesson, --mode and --help, received "--constructor"',
    ],
    [["-q"], 'Expected the options --lesson, --mode and --help, received "-q"'],
    [["--help=please"], 'Expected --help to have no value, received "please"'],
  ];
  for (const [args, message] of invalidArguments) {
    test(`rejects ${args.join(" ")} before setup`, () => {
      assert.deepEqual(start(...args), {
        status: 2,
        stdout: "",
        stderr: `${message}\nnpm start -- --help lists the options.\n`,
      });
    });
  }

  for (const args of [["--help"], ["-h"], ["--lesson", "1", "--help"]]) {
    test(`${args.join(" ")} lists the options without installed packages`, () => {
      const { status, stdout, stderr } = start(...args);
      assert.equal(stderr, "");
      assert.equal(status, 0);
      assert.match(stdout, /--lesson N .*Available: 1, 10\./);
      assert.match(stdout, /--mode MODE/);
      assert.match(stdout, /CONVNOTES_DATA/);
      assert.match(stdout, /results\.json/);
      const widest = Math.max(...stdout.split("\n").map((line) => line.length));
      assert.ok(widest <= 120, `the widest line has ${widest} characters`);
    });
  }

  test("valid arguments start setup", () => {
    for (const args of [
      [],
      ["--mode", "full"],
      ["--lesson=10", "--lesson", "1"],
    ]) {
      assert.deepEqual(start(...args), {
        status: 42,
        stdout: "setup reached\n",
        stderr: "",
      });
    }
  });

  test("are parsed: all lessons in quick mode by default, each lesson once", () => {
    const parse = (...args: string[]): unknown => {
      const module = path.join(root, "scripts", "lessons", "arguments.mjs");
      const { stdout, stderr } = spawnSync(
        process.execPath,
        [
          "--input-type=module",
          "-e",
          `import { pathToFileURL } from "node:url";
           const { parseArguments } = await import(pathToFileURL(${JSON.stringify(module)}));
           console.log(JSON.stringify(parseArguments(${JSON.stringify(args)}, [0, 1, 4])));`,
        ],
        { encoding: "utf8" },
      );
      assert.equal(stderr, "");
      return JSON.parse(stdout);
    };
    assert.deepEqual(parse(), {
      lessons: [0, 1, 4],
      mode: "quick",
      help: false,
    });
    assert.deepEqual(
      parse("--lesson", "4", "--lesson=0", "--lesson", "4", "--mode=full"),
      { lessons: [0, 4], mode: "full", help: false },
    );
    assert.deepEqual(parse("--mode=full", "--mode", "quick"), {
      lessons: [0, 1, 4],
      mode: "quick",
      help: false,
    });
  });

  test("fails for a project without lessons", () => {
    const { folder, remove: removeEmpty } = temporaryFolder();
    try {
      cpSync(bare, folder, { recursive: true });
      rmSync(path.join(folder, "notebooks"), { recursive: true });
      mkdirSync(path.join(folder, "notebooks"));
      const { status, stderr } = spawnSync(
        process.execPath,
        [path.join(folder, "scripts", "start.mjs")],
        { encoding: "utf8" },
      );
      assert.equal(status, 2);
      assert.match(
        stderr,
        /^Expected notebooks\/ to hold at least one lesson-N\.ipynb, received none\n/,
      );
    } finally {
      removeEmpty();
    }
  });
});
