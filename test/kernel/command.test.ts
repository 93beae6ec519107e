/**
 * Tests `convnotes kernel` as run in a terminal: install, uninstall and doctor. Also runs a
 * notebook outside of the checkout with nbconvert and an installed kernel.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { checkNode } from "../../kernel/command/installation-checks";
import { kernelsFolder } from "../../kernel/command/jupyter-paths";
import { until } from "../until";
import {
  PATIENCE,
  projectFolder,
  within,
  withoutColors,
} from "./kernel-client";
import { childrenOf, endOf } from "./processes";

const PROGRAM = join(
  projectFolder,
  ...["src", "notebook", "bin", "convnotes.mjs"],
);
const KERNEL = join(projectFolder, "kernel", "dist", "main.js");
const environment = join(projectFolder, ".venv");
const skip = existsSync(join(environment, "bin", "jupyter"))
  ? false
  : "Jupyter's environment (.venv) is not set up";

/** A temporary folder for each test, which contains a home folder. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "convnotes-"));
  mkdirSync(join(folder, "home"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Returns environment variables that hide this machine's Jupyter and have the checkout's Jupyter on
 * the search path.
 */
function variables(
  more: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  const hidden =
    /^(JUPYTER_|XDG_|IPYTHON|PYTHON|VIRTUAL_ENV|CONDA_|NODE_OPTIONS)/;
  return {
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !hidden.test(name)),
    ),
    HOME: join(folder, "home"),
    PATH: [join(environment, "bin"), process.env.PATH].join(delimiter),
    ...more,
  };
}

interface RunOptions {
  readonly variables?: Readonly<Record<string, string>>;
  /** JavaScript source that is loaded before the command. */
  readonly preload?: string;
  readonly cwd?: string;
}

/** Runs `convnotes` with these parameters. */
function convnotes(parameters: readonly string[], options: RunOptions = {}) {
  const preload = join(folder, "preload.cjs");
  if (options.preload) writeFileSync(preload, options.preload);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...(options.preload ? ["--require", preload] : []),
      PROGRAM,
      ...parameters,
    ],
    {
      cwd: options.cwd ?? folder,
      encoding: "utf8",
      timeout: PATIENCE,
      env: variables(options.variables),
    },
  );
  return { code: status, stdout, stderr };
}

/** Runs `convnotes kernel` and expects success. Returns its output. */
function kernelCommand(
  parameters: readonly string[],
  options?: RunOptions,
): string {
  const { code, stdout, stderr } = convnotes(
    ["kernel", ...parameters],
    options,
  );
  assert.equal(stderr, "");
  assert.equal(code, 0);
  return stdout;
}

/** Runs `convnotes kernel` and expects an error. Returns the error line. */
function refusal(
  parameters: readonly string[],
  options?: RunOptions,
  expectedCode = 1,
): string {
  const { code, stdout, stderr } = convnotes(
    ["kernel", ...parameters],
    options,
  );
  assert.equal(stdout, "");
  assert.match(stderr, /^[^\n]+\n$/, "one line, no stack");
  assert.equal(code, expectedCode);
  return stderr.trim();
}

/** Returns the contents of kernel.json. */
function specIn(kernelFolder: string): Record<string, unknown> {
  return JSON.parse(
    readFileSync(join(kernelFolder, "kernel.json"), "utf8"),
  ) as Record<string, unknown>;
}

/** Returns the path of the language server's description for a prefix in the test's folder. */
function languageServerFile(prefix: string): string {
  const configuration = join(folder, prefix, "etc", "jupyter");
  return join(
    ...[configuration, "jupyter_server_config.d"],
    "convnotes-language-server.json",
  );
}

/** Writes another kernel's kernelspec to a folder. */
function writeForeign(kernelFolder: string) {
  mkdirSync(kernelFolder, { recursive: true });
  writeFileSync(
    join(kernelFolder, "kernel.json"),
    JSON.stringify({ argv: ["other"], display_name: "Other" }),
  );
}

describe("help", () => {
  test("is shown at each level, with and without --help", () => {
    for (const [parameters, words] of [
      [[], /data .*\n.*engine .*\n.*kernel .*\n.*language-server /],
      [["--help"], /data .*\n.*engine .*\n.*kernel .*install/],
      [["kernel"], /install .*\n.*uninstall .*\n.*doctor /],
      [["kernel", "--help"], /install .*\n.*uninstall .*\n.*doctor /],
      [
        ["kernel", "install", "--help"],
        /--prefix PATH[^]*VIRTUAL_ENV|VIRTUAL_ENV[^]*--prefix PATH/,
      ],
      [["kernel", "uninstall", "-h"], /--name NAME/],
      [["kernel", "doctor", "--help"], /exit code is 1/],
    ] as const) {
      const { code, stdout, stderr } = convnotes(parameters);
      assert.match(stdout, words);
      assert.equal(stderr, "");
      assert.equal(code, 0);
    }
    assert.deepEqual(readdirSync(join(folder, "home")), []);
  });

  test("an invalid command line gives one line and exit code 2", () => {
    const { code, stderr } = convnotes(["notebook"]);
    assert.match(
      stderr,
      /^Expected a command \(data, engine, kernel, language-server\), received notebook\. See/,
    );
    assert.equal(code, 2);
    assert.match(convnotes(["kernal"]).stderr, /Did you mean kernel\?/);
    for (const [parameters, words] of [
      [["remove"], /^Expected a command .*doctor.*, received remove\./],
      [["constructor"], /received constructor\./],
      [["install", "--sys-prefix"], /--sys-prefix/],
      [["install", "here"], /here/],
      [["install", "--prefix"], /--prefix/],
      [["install", "--user=yes"], /--user/],
    ] as const) {
      assert.match(refusal(parameters, {}, 2), words);
    }
  });
});

describe("npx convnotes", () => {
  test("starts the program after setup, in the checkout and in a subfolder", () => {
    for (const cwd of [projectFolder, join(projectFolder, "notebooks")]) {
      const { status, stdout, stderr } = spawnSync(
        "npx",
        ["--no-install", "convnotes", "--help"],
        { cwd, encoding: "utf8", timeout: PATIENCE, env: variables() },
      );
      assert.match(stdout, /kernel .*install, uninstall, doctor/, stderr);
      assert.equal(status, 0);
    }
  });

  test("completes if nobody reads its output", () => {
    const install = `"${process.execPath}" "${PROGRAM}" kernel install --user`;
    const { stdout, stderr } = spawnSync(
      "sh",
      [
        "-c",
        // Writing fails once the reader has ended.
        `{ (trap '' PIPE; while echo; do :; done 2> /dev/null); ${install}; echo "exit code $?" >&2; } | true`,
      ],
      { encoding: "utf8", timeout: PATIENCE, env: variables() },
    );
    assert.equal(stdout, "");
    assert.equal(stderr, "exit code 0\n");
    const installed = readdirSync(join(folder, "home"), { recursive: true });
    assert.ok(installed.some((file) => String(file).endsWith("kernel.json")));
  });

  test("reports a kernel that is not compiled", () => {
    const cwd = join(folder, "uncompiled");
    const place = join("node_modules", "@convnotes", "kernel");
    mkdirSync(join(cwd, place), { recursive: true });
    copyFileSync(
      join(projectFolder, "kernel", "package.json"),
      join(cwd, place, "package.json"),
    );
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [PROGRAM, "kernel", "doctor"],
      { cwd, encoding: "utf8" },
    );
    assert.equal(stdout, "");
    assert.match(
      stderr,
      /^Expected the compiled package @convnotes\/kernel, found no /,
    );
    assert.match(stderr, /\nRun npm run setup to compile it\.\n$/);
    assert.equal(status, 1);
  });
});

describe("install", () => {
  test(
    "--prefix writes a complete kernelspec that Jupyter finds, and nothing else",
    { skip },
    () => {
      const output = kernelCommand(["install", "--prefix", join(folder, "p")]);
      const place = join(
        folder,
        "p",
        "share",
        "jupyter",
        "kernels",
        "convnotes",
      );
      assert.equal(
        output,
        `Installed: ${place}\nInstalled: ${languageServerFile("p")}\n`,
      );
      const spec = specIn(place);
      const { version } = JSON.parse(
        readFileSync(join(projectFolder, "kernel", "package.json"), "utf8"),
      ) as { version: string };
      assert.deepEqual(spec, {
        argv: [process.execPath, KERNEL, "{connection_file}"],
        display_name: "TypeScript (convnotes)",
        language: "typescript",
        interrupt_mode: "message",
        kernel_protocol_version: "5.5",
        env: { TF_CPP_MIN_LOG_LEVEL: "2" },
        metadata: { debugger: true, convnotes: { version } },
      });
      assert.match(readFileSync(join(place, "logo-svg.svg"), "utf8"), /^<svg /);
      assert.deepEqual(readdirSync(place), ["kernel.json", "logo-svg.svg"]);
      assert.deepEqual(readdirSync(join(folder, "p", "share", "jupyter")), [
        "kernels",
        "labextensions",
      ]);
      const listed = spawnSync(
        join(environment, "bin", "jupyter"),
        ["kernelspec", "list", "--json"],
        {
          encoding: "utf8",
          env: variables({
            JUPYTER_PATH: join(folder, "p", "share", "jupyter"),
          }),
        },
      );
      const { kernelspecs } = JSON.parse(listed.stdout) as {
        kernelspecs: Record<string, { resource_dir: string; spec: unknown }>;
      };
      assert.equal(kernelspecs.convnotes?.resource_dir, place);
    },
  );

  test("chooses the folder by --user, --prefix, the environment or the home folder", () => {
    const user = join(folder, "home", ".local", "share", "jupyter");
    const prefix = (name: string) => join(folder, name, "share", "jupyter");
    const xdg = { XDG_DATA_HOME: join(folder, "xdg") };
    const data = { JUPYTER_DATA_DIR: join(folder, "data") };
    const venv = { VIRTUAL_ENV: join(folder, "venv") };
    const conda = { CONDA_PREFIX: join(folder, "conda") };
    for (const [options, given, expected] of [
      [{ user: true }, {}, user],
      [{}, {}, user],
      [{ user: true }, xdg, join(folder, "xdg", "jupyter")],
      [{ user: true }, { ...xdg, ...data }, join(folder, "data")],
      [{}, { ...data, ...conda }, prefix("conda")],
      [{}, { ...venv, ...conda }, prefix("venv")],
      [{ user: true }, venv, user],
      [{ prefix: join(folder, "p") }, venv, prefix("p")],
    ] as const) {
      const around = {
        variables: given,
        platform: "linux" as const,
        home: join(folder, "home"),
      };
      assert.equal(kernelsFolder(options, around), join(expected, "kernels"));
    }
    const home = "/somewhere/ada";
    for (const [platform, given, expected] of [
      ["darwin", {}, "/somewhere/ada/Library/Jupyter/kernels"],
      [
        "darwin",
        { JUPYTER_PLATFORM_DIRS: "1" },
        "/somewhere/ada/Library/Application Support/Jupyter/kernels",
      ],
      [
        "darwin",
        { JUPYTER_PLATFORM_DIRS: "False" },
        "/somewhere/ada/Library/Jupyter/kernels",
      ],
      ["win32", { APPDATA: "/roaming" }, "/roaming/jupyter/kernels"],
    ] as const) {
      const around = { variables: given, platform, home };
      assert.equal(kernelsFolder({ user: true }, around), expected);
    }
  });

  test("--user uses the data folder that Jupyter reports", { skip }, () => {
    const settings: readonly Readonly<Record<string, string>>[] = [
      {},
      { XDG_DATA_HOME: join(folder, "xdg") },
      { JUPYTER_DATA_DIR: join(folder, "data") },
      { JUPYTER_PLATFORM_DIRS: "1" },
    ];
    for (const more of settings) {
      const ofJupyter = (option: string) =>
        spawnSync(join(environment, "bin", "jupyter"), [option], {
          encoding: "utf8",
          env: variables(more),
        }).stdout.trim();
      const output = kernelCommand(["install", "--user"], { variables: more });
      const place = join(ofJupyter("--data-dir"), "kernels", "convnotes");
      const server = join(
        ofJupyter("--config-dir"),
        ...["jupyter_server_config.d", "convnotes-language-server.json"],
      );
      assert.equal(output, `Installed: ${place}\nInstalled: ${server}\n`);
      assert.ok(existsSync(join(place, "kernel.json")));
    }
  });

  test("replaces an earlier installation", () => {
    const place = join(folder, "p", "share", "jupyter", "kernels", "convnotes");
    kernelCommand(["install", "--prefix", "p"]);
    writeFileSync(join(place, "old.txt"), "");
    kernelCommand(["install", "--prefix", "p", "--display-name", "TS"]);
    assert.deepEqual(readdirSync(place), ["kernel.json", "logo-svg.svg"]);
    assert.equal(specIn(place).display_name, "TS");
    assert.deepEqual(readdirSync(dirname(place)), ["convnotes"]);
    assert.deepEqual(readdirSync(join(folder, "p", "share", "jupyter")), [
      "kernels",
      "labextensions",
    ]);
  });

  test("--name installs a second kernelspec", () => {
    kernelCommand(["install", "--prefix", "p"]);
    kernelCommand(["install", "--prefix", "p", "--name", "convnotes-2"]);
    assert.deepEqual(
      readdirSync(join(folder, "p", "share", "jupyter", "kernels")),
      ["convnotes", "convnotes-2"],
    );
    for (const name of ["", "a b", "../a", "a/b", "..", "grün"]) {
      assert.match(
        refusal(["install", "--prefix", "p", "--name", name]),
        /^Expected --name to consist of letters, digits, /,
      );
    }
  });

  test("keeps another kernel of that name without --force", () => {
    const place = join(folder, "p", "share", "jupyter", "kernels", "convnotes");
    writeForeign(place);
    assert.match(
      refusal(["install", "--prefix", "p"]),
      /found another kernel's\. Use --force /,
    );
    assert.equal(specIn(place).display_name, "Other");
    kernelCommand(["install", "--prefix", "p", "--force"]);
    assert.equal(specIn(place).display_name, "TypeScript (convnotes)");
  });

  test("reports a folder that is not writable in one line", () => {
    // A file in place of the folder makes writing fail for root, too.
    writeFileSync(join(folder, "file"), "");
    assert.match(
      refusal(["install", "--prefix", join(folder, "file")]),
      /^Expected a writable folder .*\/file\/share\/jupyter\/kernels: .*--user/,
    );
    assert.match(
      refusal(["install", "--prefix", ""]),
      /^Expected the path of a folder after --prefix/,
    );
    assert.match(
      refusal(["install", "--prefix", "p", "--user"]),
      /^Expected --user or --prefix, received both\.$/,
    );
  });
});

describe("the language server", () => {
  test(
    "is described to jupyter-lsp, beside the same Jupyter or user",
    { skip },
    () => {
      kernelCommand(["install", "--prefix", "p"]);
      const file = languageServerFile("p");
      const listed = spawnSync(
        join(environment, "bin", "python"),
        [
          "-c",
          "from jupyter_lsp import LanguageServerManager as M; m = M(autodetect=False); m.initialize(); print(m.language_servers['convnotes']['argv'][1])",
        ],
        {
          encoding: "utf8",
          env: variables({ JUPYTER_CONFIG_PATH: dirname(dirname(file)) }),
        },
      );
      const program = join(dirname(KERNEL), "language-server", "main.js");
      assert.equal(listed.stdout.trim(), program, listed.stderr);
      assert.ok(existsSync(program));

      kernelCommand(["install", "--user"]);
      const name = join("jupyter_server_config.d", basename(file));
      const ofUser = join(folder, "home", ".jupyter", name);
      assert.equal(readFileSync(ofUser, "utf8"), readFileSync(file, "utf8"));
      const platform = {
        JUPYTER_PLATFORM_DIRS: "1",
        XDG_CONFIG_HOME: join(folder, "x"),
      };
      kernelCommand(["install", "--user"], { variables: platform });
      assert.ok(existsSync(join(folder, "x", "jupyter", name)));
    },
  );

  test("is removed with the last kernelspec of this kernel", () => {
    const file = languageServerFile("p");
    kernelCommand(["install", "--prefix", "p"]);
    kernelCommand(["install", "--prefix", "p", "--name", "other"]);
    kernelCommand(["uninstall", "--prefix", "p"]);
    assert.ok(existsSync(file));
    const output = kernelCommand([
      "uninstall",
      "--prefix",
      "p",
      "--name",
      "other",
    ]);
    assert.match(
      output,
      /^Removed: .*\/other\nRemoved: .*language-server\.json\n$/,
    );
    assert.ok(!existsSync(file));
  });
});

describe("uninstall", () => {
  test("removes what install wrote, and nothing else", () => {
    const kernels = join(folder, "p", "share", "jupyter", "kernels");
    kernelCommand(["install", "--prefix", "p"]);
    kernelCommand(["install", "--prefix", "p", "--name", "other"]);
    assert.equal(
      kernelCommand(["uninstall", "--prefix", "p"]),
      `Removed: ${join(kernels, "convnotes")}\n`,
    );
    assert.deepEqual(readdirSync(kernels), ["other"]);
    const both = ["kernels", "labextensions"];
    assert.deepEqual(readdirSync(dirname(kernels)), both);
    kernelCommand(["uninstall", "--prefix", "p", "--name", "other"]);
    assert.deepEqual(readdirSync(dirname(kernels)), ["kernels"]);
    assert.ok(existsSync(KERNEL));
  });

  test("reports a missing kernelspec, and where there is one", () => {
    assert.match(
      refusal(["uninstall", "--prefix", "p"]),
      /^Expected a kernelspec in .*p\/share\/jupyter\/kernels\/convnotes, found none\.$/,
    );
    kernelCommand(["install", "--user"]);
    assert.match(
      refusal(["uninstall", "--prefix", "p"]),
      /found none\. There is one in .*\.local\/share\/jupyter\/kernels\/convnotes: use --user\.$/,
    );
  });

  test("keeps another kernel's without --force", () => {
    const place = join(folder, "p", "share", "jupyter", "kernels", "convnotes");
    writeForeign(place);
    assert.match(
      refusal(["uninstall", "--prefix", "p"]),
      /found another kernel's\. Use --force to remove it/,
    );
    writeFileSync(join(place, "kernel.json"), "{ no JSON");
    refusal(["uninstall", "--prefix", "p"]);
    assert.ok(existsSync(place));
    kernelCommand(["uninstall", "--prefix", "p", "--force"]);
    assert.ok(!existsSync(place));
  });

  test("removes one that the setup of a checkout wrote", () => {
    const place = join(folder, "p", "share", "jupyter", "kernels", "convnotes");
    mkdirSync(place, { recursive: true });
    writeFileSync(
      join(place, "kernel.json"),
      JSON.stringify({ argv: ["node", KERNEL, "{connection_file}"] }),
    );
    kernelCommand(["uninstall", "--prefix", "p"]);
    assert.ok(!existsSync(place));
  });
});

describe("doctor", { skip }, () => {
  const place = () =>
    join(folder, "p", "share", "jupyter", "kernels", "convnotes");

  /** Runs the doctor. Returns its findings by the name of the check. */
  function examine(options: RunOptions = {}, parameters: string[] = []) {
    const { code, stdout, stderr } = convnotes(
      ["kernel", "doctor", ...parameters],
      {
        ...options,
        variables: {
          JUPYTER_PATH: join(folder, "p", "share", "jupyter"),
          ...options.variables,
        },
      },
    );
    assert.equal(stderr, "");
    const findings = new Map(
      [
        ...stdout.matchAll(
          /^(ok {2}|FAIL) {2}([^:]+): ([^]*?)(?:\n {6}fix: (.+))?\n(?=ok|FAIL|\n)/gm,
        ),
      ].map(([, state, name, text, remedy]) => [
        name,
        { isOk: state!.startsWith("ok"), text, remedy },
      ]),
    );
    const failed = [...findings].flatMap(([name, { isOk }]) =>
      isOk ? [] : [name],
    );
    // Each failed check has a remedy and makes the exit code 1.
    for (const name of failed) assert.ok(findings.get(name)?.remedy, stdout);
    assert.equal(code, failed.length === 0 ? 0 : 1, stdout);
    return { findings, failed, stdout };
  }

  function install() {
    kernelCommand(["install", "--prefix", "p"]);
  }

  /** Changes fields of kernel.json. */
  function change(fields: Record<string, unknown>) {
    writeFileSync(
      join(place(), "kernel.json"),
      JSON.stringify({ ...specIn(place()), ...fields }),
    );
  }

  test("finds no problems", () => {
    install();
    const { findings, stdout } = examine();
    assert.deepEqual(
      [...findings.keys()],
      [
        "Node.js",
        "ZeroMQ",
        "TypeScript",
        "Snapshot",
        "Compile cache",
        "Jupyter",
        'Kernelspec "convnotes"',
        "First cell",
      ],
      stdout,
    );
    assert.match(stdout, /\n\nNo problems found\.\n$/);
    assert.match(findings.get("TypeScript")?.text ?? "", /^6\.0\.\d+$/);
    assert.match(
      findings.get("Jupyter")?.text ?? "",
      /^jupyter_client \d+\.\d+/,
    );
    assert.match(
      findings.get("First cell")?.text ?? "",
      /answers 1 \+ 1 with 2/,
    );
  });

  test("fixes a missing kernelspec with its remedy", () => {
    const name = 'Kernelspec "own"';
    const { findings, failed } = examine({}, ["--name", "own"]);
    assert.deepEqual(failed, [name]);
    const { text, remedy = "" } = findings.get(name) ?? {};
    assert.match(text ?? "", /^Not found by Jupyter, which finds /);
    const [program, script, ...parameters] = remedy.split(" ");
    assert.deepEqual([program, script], ["node", PROGRAM]);
    convnotes(parameters);
    assert.deepEqual(examine({}, ["--name", "own"]).failed, []);
  });

  test("finds a kernelspec of a missing Node or of another kernel", () => {
    install();
    const name = 'Kernelspec "convnotes"';
    for (const [argv, words] of [
      [
        ["/gone/node", KERNEL, "{connection_file}"],
        /starts \/gone\/node, which is not a program\.$/,
      ],
      [
        [process.execPath, "/gone/main.js", "{connection_file}"],
        /starts .*\/gone\/main\.js .* instead of this kernel, /,
      ],
    ] as const) {
      change({ argv });
      const { findings, failed } = examine();
      assert.deepEqual(failed, [name]);
      assert.match(findings.get(name)?.text ?? "", words);
      assert.equal(
        findings.get(name)?.remedy,
        `node ${PROGRAM} kernel install --prefix ${join(folder, "p")}`,
      );
    }
  });

  test("finds a kernelspec of an old Node", () => {
    install();
    const old = join(folder, "old-node");
    writeFileSync(old, "#!/bin/sh\necho v18.20.0\n");
    chmodSync(old, 0o755);
    change({ argv: [old, KERNEL, "{connection_file}"] });
    const { findings, failed } = examine();
    assert.deepEqual(failed, ['Kernelspec "convnotes"']);
    assert.match(
      findings.get(failed[0])?.text ?? "",
      /expected Node\.js 20 or newer, found v18\.20\.0\.$/,
    );
    assert.equal(checkNode("v18.20.0").isOk, false);
    assert.equal(checkNode("v20.0.0").isOk, true);
    assert.equal(checkNode("v100.0.0").isOk, true);
  });

  test("finds a missing or broken Jupyter", () => {
    const { findings, failed } = examine({
      variables: { PATH: "/nowhere" },
      preload: `const fs = require("node:fs");
        const { accessSync } = fs;
        fs.accessSync = (path, ...rest) => {
          if (String(path).includes(".venv")) throw new Error("hidden by the test");
          return accessSync(path, ...rest);
        };`,
    });
    assert.deepEqual(failed, ["Jupyter"]);
    assert.equal(findings.get("Jupyter")?.remedy, "pip install jupyterlab");
    // The first cell is checked nevertheless.
    assert.equal(findings.get("First cell")?.isOk, true);
    const broken = join(folder, "broken");
    mkdirSync(broken);
    writeFileSync(join(broken, "jupyter"), "#!/bin/sh\nexit 3\n");
    chmodSync(join(broken, "jupyter"), 0o755);
    const second = examine({
      variables: { PATH: [broken, process.env.PATH].join(delimiter) },
    });
    assert.deepEqual(second.failed, ["Jupyter"]);
    assert.equal(
      second.findings.get("Jupyter")?.remedy,
      `${join(broken, "pip")} install --upgrade jupyterlab`,
    );
  });

  test("finds a cache and a snapshot that are not writable", () => {
    install();
    writeFileSync(join(folder, "package.json"), "{}");
    mkdirSync(join(folder, "node_modules"));
    const cache = join(folder, "node_modules", ".cache");
    const before = examine();
    assert.deepEqual(before.failed, []);
    assert.equal(
      before.findings.get("Compile cache")?.text,
      join(cache, "convnotes-kernel"),
    );
    assert.deepEqual(readdirSync(join(cache, "convnotes-kernel")), []);
    rmSync(cache, { recursive: true });
    // A file in place of the folder makes writing fail for root, too.
    writeFileSync(cache, "");
    const { failed } = examine({
      preload: `const fs = require("node:fs");
        const { accessSync, statSync } = fs;
        fs.statSync = (path, ...rest) =>
          String(path).endsWith(".blob") ? undefined : statSync(path, ...rest);
        fs.accessSync = (path, mode) => {
          if (mode === fs.constants.W_OK) throw new Error("read-only, says the test");
          return accessSync(path, mode);
        };`,
    });
    assert.deepEqual(failed, ["Snapshot", "Compile cache"]);
  });

  test("finds a native module that does not load", () => {
    install();
    const { findings, failed, stdout } = examine({
      preload: `const Module = require("node:module");
        const load = Module._load;
        Module._load = (request, ...rest) => {
          if (request === "zeromq") throw new Error("compiled against a different Node.js version\\nRequire stack:");
          return load(request, ...rest);
        };`,
    });
    assert.deepEqual(failed, ["ZeroMQ"]);
    assert.match(
      findings.get("ZeroMQ")?.text ?? "",
      /^Cannot load the native module: compiled against a different Node\.js version$/,
    );
    assert.match(findings.get("ZeroMQ")?.remedy ?? "", /npm rebuild zeromq$/);
    assert.match(stdout, /1 problem found\./);
  });

  test("finds another version of TypeScript", () => {
    install();
    const { findings, failed } = examine({
      preload: `const Module = require("node:module");
        const load = Module._load;
        Module._load = (request, ...rest) => {
          const loaded = load(request, ...rest);
          return request === "typescript" ? { ...loaded, version: "5.0.4" } : loaded;
        };`,
    });
    assert.deepEqual(failed, ["TypeScript"]);
    assert.match(
      findings.get("TypeScript")?.text ?? "",
      /Expected TypeScript 6\.0\.3, .*, received version 5\.0\.4\.$/,
    );
  });

  test("finds a kernel that ends immediately, and one that takes too long", () => {
    install();
    change({ env: { NODE_OPTIONS: "--require=/gone.js" } });
    const ended = examine();
    assert.deepEqual(ended.failed, ["First cell"]);
    assert.match(
      ended.findings.get("First cell")?.text ?? "",
      /^The kernel ended with exit code 1\. It printed:\n[^]*\/gone\.js/,
    );
    change({ env: {} });
    const late = examine({}, ["--time-limit", "0.001"]);
    assert.deepEqual(late.failed, ["First cell"]);
    assert.match(
      late.findings.get("First cell")?.text ?? "",
      /^The kernel did not answer within 0\.001 s\./,
    );
    assert.match(
      refusal(["doctor", "--time-limit", "soon"]),
      /^Expected --time-limit to be a number of seconds, .*, received soon\.$/,
    );
  });

  test("leaves neither a kernel nor a key when interrupted", async () => {
    install();
    const hang = join(folder, "hang.cjs");
    writeFileSync(
      hang,
      "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
    );
    change({ env: { NODE_OPTIONS: `--require=${hang}` } });
    const temporary = join(folder, "temporary");
    mkdirSync(temporary);
    const child = spawn(process.execPath, [PROGRAM, "kernel", "doctor"], {
      cwd: folder,
      stdio: "ignore",
      env: variables({
        JUPYTER_PATH: join(folder, "p", "share", "jupyter"),
        TMPDIR: temporary,
      }),
    });
    const ended = once(child, "exit");
    const kernelOf = () =>
      readdirSync(temporary).some((name) => name.startsWith("convnotes-")) &&
      childrenOf(child.pid ?? -1).at(0);
    const kernel = await until(() => {
      assert.equal(child.exitCode, null);
      return kernelOf();
    }, "a kernel");
    child.kill("SIGINT");
    assert.deepEqual(await within(PATIENCE, "its end", ended), [130, null]);
    assert.notEqual(await endOf(kernel, PATIENCE), undefined);
    assert.deepEqual(readdirSync(temporary), []);
  });
});

test("nbconvert runs a notebook in another folder", { skip }, () => {
  kernelCommand(["install", "--prefix", "p"]);
  const own = join(folder, "own");
  const files = {
    "package.json": JSON.stringify({
      name: "own",
      dependencies: { "some-package": "1.0.0" },
    }),
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        target: "ES2022",
        strict: true,
      },
    }),
    "helper.ts":
      "export function label(value: number): string { return `value = ${value}`; }\n",
    "node_modules/some-package/package.json": JSON.stringify({
      name: "some-package",
      version: "1.0.0",
      main: "index.js",
      types: "index.d.ts",
    }),
    "node_modules/some-package/index.js":
      "exports.double = (value) => 2 * value;\n",
    "node_modules/some-package/index.d.ts":
      "export declare function double(value: number): number;\n",
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(own, name)), { recursive: true });
    writeFileSync(join(own, name), text);
  }
  const cells = [
    'import { double } from "some-package";\nimport { label } from "./helper";\nlabel(double(21))',
    'double("21")',
    "label(null)",
    'import { basename } from "node:path"; basename(process.cwd()) === "own"',
  ];
  writeFileSync(
    join(own, "notebook.ipynb"),
    JSON.stringify({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {
        kernelspec: {
          name: "convnotes",
          display_name: "TypeScript (convnotes)",
          language: "typescript",
        },
      },
      cells: cells.map((source, index) => ({
        cell_type: "code",
        id: `cell-${index}`,
        source,
        metadata: {},
        outputs: [],
        execution_count: null,
      })),
    }),
  );
  const { status, stdout, stderr } = spawnSync(
    join(environment, "bin", "python"),
    [
      ...["-m", "jupyter", "nbconvert", "--execute", "--allow-errors"],
      ...["--to", "notebook", "--output", "run.ipynb", "notebook.ipynb"],
    ],
    {
      cwd: own,
      encoding: "utf8",
      timeout: PATIENCE,
      env: variables({
        // This path precedes the checkout's kernelspec, which is in this Python environment.
        JUPYTER_PATH: join(folder, "p", "share", "jupyter"),
        JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
      }),
    },
  );
  assert.equal(status, 0, stdout + stderr);
  const run = JSON.parse(readFileSync(join(own, "run.ipynb"), "utf8")) as {
    cells: {
      outputs: {
        output_type: string;
        data?: Record<string, string[] | string>;
        evalue?: string;
      }[];
    }[];
    metadata: { language_info: { name: string } };
  };
  assert.equal(run.metadata.language_info.name, "typescript");
  const shown = run.cells.map(({ outputs }) =>
    outputs.map(({ data, evalue }) =>
      withoutColors(evalue ?? [data?.["text/plain"]].flat().join("")),
    ),
  );
  assert.deepEqual(
    shown.map((texts) => texts.map((text) => text.split(":")[0])),
    [["'value = 42'"], ["TS2345"], ["TS2345"], ["true"]],
    JSON.stringify(shown),
  );
});
