/**
 * Tests the papermill plug-in (kernel/papermill): runs its own tests, and papermill with the
 * kernel.
 *
 * The plug-in is installed with pip into a temporary folder, so that the installed package with its
 * entry point is tested.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { PATIENCE, projectFolder } from "./kernel-client";

const python = join(projectFolder, ".venv", "bin", "python");
const skip = existsSync(python)
  ? false
  : "Jupyter's environment (.venv) is not set up";

/** Text in a notebook file: a string or a list of lines. */
type FileText = string | readonly string[];

interface FileCell {
  readonly source: FileText;
  readonly metadata: { readonly tags: readonly string[] };
  /** Missing in cells without code, such as the one that papermill adds for an error. */
  readonly outputs?: readonly {
    readonly output_type: string;
    readonly data?: Readonly<Record<string, FileText>>;
    readonly evalue?: string;
  }[];
}

function whole(text: FileText | undefined): string | undefined {
  return typeof text === "string" ? text : text?.join("");
}

describe("papermill", { skip }, () => {
  let folder: string;
  const plugIn = () => join(folder, "installed");

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "convnotes-"));
    process.once("exit", () =>
      rmSync(folder, { recursive: true, force: true }),
    );
    const kernels = join(folder, "jupyter", "kernels", "convnotes");
    mkdirSync(kernels, { recursive: true });
    writeFileSync(
      join(kernels, "kernel.json"),
      JSON.stringify({
        argv: [
          process.execPath,
          join(projectFolder, "kernel", "dist", "main.js"),
          "{connection_file}",
        ],
        display_name: "TypeScript (convnotes)",
        language: "typescript",
        interrupt_mode: "message",
      }),
    );
    // pip builds in the source folder; a copy keeps the checkout unchanged.
    const source = join(folder, "source");
    cpSync(join(projectFolder, "kernel", "papermill"), source, {
      recursive: true,
    });
    const { status, output } = runPython(
      "-m",
      "pip",
      ...["install", "--quiet", "--disable-pip-version-check", "--no-index"],
      ...["--no-deps", "--no-build-isolation", "--target", plugIn(), source],
    );
    assert.equal(status, 0, output);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function runPython(...parameters: string[]) {
    const { status, stdout, stderr } = spawnSync(python, parameters, {
      cwd: folder,
      encoding: "utf8",
      timeout: PATIENCE,
      env: {
        ...process.env,
        NODE_OPTIONS: "",
        PYTHONPATH: plugIn(),
        PYTHONDONTWRITEBYTECODE: "1",
        JUPYTER_PATH: join(folder, "jupyter"),
        JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
        JUPYTER_NO_CONFIG: "1",
      },
    });
    return { status, output: stdout + stderr };
  }

  function writeNotebook(
    cells: readonly { source: string; tags?: string[] }[],
  ) {
    writeFileSync(
      join(folder, "in.ipynb"),
      JSON.stringify({
        nbformat: 4,
        nbformat_minor: 5,
        metadata: {
          kernelspec: {
            name: "convnotes",
            language: "typescript",
            display_name: "TypeScript (convnotes)",
          },
        },
        cells: cells.map(({ source, tags = [] }, index) => ({
          cell_type: "code",
          id: `cell-${index}`,
          source,
          metadata: { tags },
          outputs: [],
          execution_count: null,
        })),
      }),
    );
  }

  function papermill(...parameters: string[]) {
    const run = runPython(
      "-m",
      "papermill",
      ...["in.ipynb", "out.ipynb", "--no-progress-bar", ...parameters],
    );
    const file = join(folder, "out.ipynb");
    const cells = existsSync(file)
      ? (JSON.parse(readFileSync(file, "utf8")) as { cells: FileCell[] }).cells
      : [];
    return { ...run, cells };
  }

  /** Returns the result of a cell of the output notebook. */
  function result({ outputs }: FileCell): string | undefined {
    return whole(
      outputs?.find(({ output_type }) => output_type === "execute_result")
        ?.data?.["text/plain"],
    );
  }

  test("the plug-in's own tests pass", () => {
    const { status, output } = runPython(
      ...["-m", "unittest", "discover", "-v", "-s"],
      join(projectFolder, "kernel", "papermill", "tests"),
    );
    assert.equal(status, 0, output);
    assert.match(output, /^Ran \d\d tests in/m);
    assert.match(output, /^test_evaluated_by_node .*\n?.*ok$/m);
  });

  test("works whether papermill or the plug-in is imported first", () => {
    for (const first of ["papermill", "papermill_typescript"]) {
      const { status, output } = runPython(
        "-c",
        `import ${first}
from papermill.engines import papermill_engines
from papermill.translators import papermill_translators
print(papermill_engines.get_engine("typescript").__name__)
print(papermill_translators.find_translator("convnotes", "typescript").__name__)`,
      );
      assert.equal(output, "TypeScriptEngine\nTypeScriptTranslator\n");
      assert.equal(status, 0);
    }
  });

  test("-p overrides the value of the parameters cell", () => {
    writeNotebook([
      {
        source:
          'const epochs: number = 3; // passes over the pictures\nconst name = "no name";',
        tags: ["parameters"],
      },
      { source: "epochs + 1" },
      { source: "`${name}, ${name.length}`" },
    ]);
    const { status, output, cells } = papermill(
      ...["-p", "epochs", "2", "-p", "name", 'grün "😍"'],
    );
    assert.equal(status, 0, output);
    assert.deepEqual(
      cells.map(({ metadata }) => metadata.tags),
      [["parameters"], ["injected-parameters"], [], []],
    );
    assert.equal(
      whole(cells[1]!.source),
      '// Parameters\nlet epochs = 2;\nlet name = "gr\\u00fcn \\"\\ud83d\\ude0d\\"";\n',
    );
    assert.deepEqual(cells.map(result), [
      undefined,
      undefined,
      "3",
      "'grün \"😍\", 9'",
    ]);
  });

  test("values of all kinds are passed and pass the type check", () => {
    writeNotebook([
      {
        source:
          "let none: number | null = 1; let flag = false; let big = 1; let rate = 1; let list: number[] = [1]; let empty: number[] = [1]; let options = {};",
        tags: ["parameters"],
      },
      {
        source:
          "[none, flag, big === 9007199254740993n, rate, list, empty.map((x) => x + 1), JSON.stringify(options)]",
      },
      { source: "const sizes: number[] = empty; none ?? 7" },
    ]);
    const values = `
none: null
flag: true
big: 9007199254740993
rate: 1.0e-7
list: [1, 2]
empty: []
options: {deep: {"a b": [null, "x"]}, __proto__: own}
`;
    const { status, output, cells } = papermill("-y", values);
    assert.equal(status, 0, output);
    assert.equal(
      result(cells[2]!)?.replace(/\s+/g, " "),
      `[ null, true, true, 1e-7, [ 1, 2 ], [], '{"deep":{"a b":[null,"x"]},"__proto__":"own"}' ]`,
    );
    assert.equal(result(cells[3]!), "7");
  });

  test("a notebook without a parameters cell gets parameters", () => {
    writeNotebook([{ source: "epochs * 10" }]);
    const { status, output, cells } = papermill("-p", "epochs", "2");
    assert.equal(status, 0, output);
    assert.equal(result(cells[1]!), "20");
  });

  test("a value of the wrong type is a type error in the cell that uses it", () => {
    writeNotebook([
      { source: "const epochs = 3;", tags: ["parameters"] },
      { source: "epochs.toFixed(1)" },
    ]);
    const { status, cells } = papermill("-p", "epochs", "many");
    assert.equal(status, 1);
    const errors = cells.flatMap(({ outputs }) =>
      (outputs ?? []).flatMap(({ evalue }) => evalue ?? []),
    );
    assert.equal(errors.length, 1);
    assert.match(errors[0]!, /^TS2\d+: /);
  });

  test("--help-notebook lists the parameters, and -p warns of unknown ones", () => {
    writeNotebook([
      {
        source:
          "const epochs: number = 3; // passes over the pictures\nconst layers = [\n  8,\n  16,\n];",
        tags: ["parameters"],
      },
    ]);
    const { status, output } = papermill("--help-notebook");
    assert.equal(status, 0, output);
    assert.match(
      output,
      /^ {2}epochs: number \(default 3\) +passes over the pictures$/m,
    );
    assert.match(output, /^ {2}layers: Unknown type \(default \[8, 16,\]\)/m);
    const warned = papermill("-p", "epoch", "2").output;
    assert.match(warned, /Passed unknown parameter: epoch$/m);
    assert.doesNotMatch(
      papermill("-p", "epochs", "2").output,
      /Passed unknown parameter/,
    );
  });
});
