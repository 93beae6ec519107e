/**
 * JupyterLab for the tests: a server of the project's Python environment and a page of it in headless Chromium.
 *
 * All that Jupyter reads or writes of a user's lies in a folder made for the test, inside the checkout, so that cells find the
 * project's packages. Whatever happens in a test, no process is left behind.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  chromium,
  type Browser,
  type Locator,
  type Page,
} from "playwright-core";
import { childrenOf } from "../kernel/processes";
import {
  code,
  folderInProject,
  noKernel,
  noPython,
  python,
  root,
  writeNotebook,
} from "../lessons/notebook-file";
import { browser, noBrowser } from "./browser";

/** Why JupyterLab cannot be tried here, or false where it can. */
export const noLab = noPython || noKernel || noBrowser;

/** How long anything may take, in milliseconds: what takes one second takes ten where a machine is busy with other things. */
export const PATIENCE = 20_000;

/** How long the server may take to end its kernels, in milliseconds. */
const GRACE = 15_000;

/** Where the pictures of the finished tests are put. */
const PICTURES = path.join(root, "out", "jupyterlab");

/** Settings of the page: it asks the network for no news and saves only when told to. */
const SETTINGS = {
  "@jupyterlab/apputils-extension/notification.jupyterlab-settings": {
    fetchNews: "false",
    checkForUpdates: false,
    doNotDisturbMode: true,
  },
  "@jupyterlab/docmanager-extension/plugin.jupyterlab-settings": {
    autosave: false,
  },
};

/** A saved notebook, as far as the tests look into it. */
export interface SavedNotebook {
  readonly cells: readonly {
    readonly execution_count: number | null;
    readonly outputs: readonly {
      readonly output_type: string;
      readonly text?: string | readonly string[];
      readonly data?: Readonly<Record<string, unknown>>;
    }[];
  }[];
}

/** What the page offers to scripts when the server was told to expose it; used to open and close notebooks only. */
interface ExposedApp {
  readonly commands: {
    execute(id: string, parameters: object): Promise<ExposedNotebook>;
  };
  readonly shell: { widgets(area: "main"): Iterable<ExposedNotebook> };
}

/** A notebook there; the launcher, which is listed beside them, has no context. */
interface ExposedNotebook {
  readonly context?: {
    readonly path: string;
    readonly sessionContext: {
      readonly ready: Promise<void>;
      readonly session: {
        readonly kernel: { readonly info: Promise<unknown> };
      };
      shutdown(): Promise<void>;
    };
  };
  dispose(): void;
}

/** Servers that still run, so that an ending test process takes them along. */
const running = new Set<ChildProcess>();
process.on("exit", () => running.forEach((server) => endAtOnce(server)));
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.on(signal, () => process.exit(code));
}

/** A server, a browser and the one page in it. */
export class Lab {
  /** Where the notebooks lie. */
  readonly folder: string;
  readonly #removeFolder: () => void;
  readonly #server: ChildProcess;
  #log = "";
  #browser: Browser | undefined;
  #page: Page | undefined;

  private constructor() {
    const { folder, remove } = folderInProject();
    this.#removeFolder = remove;
    this.folder = path.join(folder, "notebooks");
    mkdirSync(this.folder);
    this.#server = startServer(folder, this.folder);
    running.add(this.#server);
    for (const stream of [this.#server.stdout, this.#server.stderr]) {
      stream?.setEncoding("utf8");
      stream?.on("data", (text: string) => (this.#log += text));
    }
  }

  /**
   * Starts the server and the browser, and waits for the page.
   *
   * @throws {Error} If one of them does not come, with what the server printed.
   */
  static async start(): Promise<Lab> {
    const lab = new Lab();
    try {
      await lab.#openPage();
    } catch (error) {
      await lab.close();
      throw new Error(`JupyterLab did not start. It printed:\n${lab.#log}`, {
        cause: error,
      });
    }
    return lab;
  }

  /** The page. */
  get page(): Page {
    if (this.#page === undefined) throw new Error("The page is not open yet.");
    return this.#page;
  }

  /** Writes a notebook of these cells, opens it in the page and waits for its kernel. */
  async open(name: string, cells: readonly string[]): Promise<LabNotebook> {
    const file = writeNotebook(
      path.join(this.folder, `${name}.ipynb`),
      cells.map((source) => code(source)),
    );
    const notebook = new LabNotebook(this.page, file);
    await this.page.evaluate(openInPage, `${name}.ipynb`);
    await notebook.cell(cells.length - 1).waitFor();
    await notebook.idle();
    return notebook;
  }

  /** Keeps a picture of the page; a page that can give none is no reason to fail. */
  async takePicture(name: string): Promise<void> {
    mkdirSync(PICTURES, { recursive: true });
    const file = `${name.replace(/[^a-z0-9]+/gi, "-").toLowerCase()}.png`;
    await this.#page
      ?.screenshot({ path: path.join(PICTURES, file), timeout: 10_000 })
      .catch(() => undefined);
  }

  /** Ends the browser, the server and its kernels, and takes the folder away. */
  async close(): Promise<void> {
    await this.#browser?.close().catch(() => undefined);
    const server = this.#server;
    if (server.exitCode === null && server.signalCode === null) {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM");
      const late = setTimeout(() => endAtOnce(server), GRACE);
      await ended;
      clearTimeout(late);
    }
    running.delete(server);
    this.#removeFolder();
  }

  async #openPage(): Promise<void> {
    const [address, started] = await Promise.all([
      this.#address(),
      chromium.launch({
        executablePath: browser,
        args: [
          "--disable-gpu",
          "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ],
      }),
    ]);
    this.#browser = started;
    this.#page = await started.newPage({
      viewport: { width: 1200, height: 1000 },
    });
    this.#page.setDefaultTimeout(PATIENCE);
    await this.#page.goto(address);
    await this.#page.locator("#jp-main-dock-panel").waitFor();
    await this.#page
      .locator("#jupyterlab-splash")
      .waitFor({ state: "detached" });
  }

  /** Where the server listens; it says so in a file once it does. */
  async #address(): Promise<string> {
    const file = path.join(
      path.dirname(this.folder),
      "runtime",
      `jpserver-${this.#server.pid}.json`,
    );
    const patience = AbortSignal.timeout(PATIENCE);
    for (;;) {
      patience.throwIfAborted();
      if (this.#server.exitCode !== null) throw new Error("It has ended.");
      // Half of the file may be written.
      const text = existsSync(file) ? readFileSync(file, "utf8") : "";
      if (text.trimEnd().endsWith("}")) {
        const { url, token } = JSON.parse(text) as Record<string, string>;
        return `${url}lab?token=${token}`;
      }
      await sleep(50);
    }
  }
}

/** A notebook in the page. Cells are counted from 0. */
export class LabNotebook {
  readonly page: Page;
  readonly file: string;

  constructor(page: Page, file: string) {
    this.page = page;
    this.file = file;
  }

  /** The notebook's part of the page. */
  get panel(): Locator {
    return this.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
  }

  cell(index: number): Locator {
    return this.panel.locator(".jp-Notebook-cell").nth(index);
  }

  /** What a cell shows below its code. */
  outputs(index: number): Locator {
    return this.cell(index).locator(".jp-OutputArea-output");
  }

  /** Waits until one of a cell's outputs says this. */
  async says(index: number, text: string | RegExp): Promise<void> {
    await this.outputs(index).filter({ hasText: text }).first().waitFor();
  }

  /** Waits until a cell has this execution count, or "*" while it waits or runs. */
  async counts(index: number, count: number | "*"): Promise<void> {
    await this.cell(index)
      .locator(".jp-InputPrompt", { hasText: `[${count}]:` })
      .waitFor();
  }

  /** Waits until the kernel's indicator says that nothing runs. */
  async idle(): Promise<void> {
    await this.indicator("idle").waitFor();
  }

  /** The kernel's indicator, where it shows this status. */
  indicator(status: "idle" | "busy"): Locator {
    return this.panel.locator(
      `.jp-Notebook-ExecutionIndicator[data-status="${status}"]`,
    );
  }

  /** Puts the cursor at the end of a cell's first line, and types. */
  async type(index: number, text = ""): Promise<void> {
    await this.cell(index).locator(".cm-line").first().click();
    await this.page.keyboard.press("End");
    await this.page.keyboard.type(text);
  }

  /** Selects a cell in command mode. */
  async select(index: number): Promise<void> {
    await this.cell(index).locator(".jp-InputPrompt").click();
    await this.page.keyboard.press("Escape");
  }

  /** Runs a cell by the keyboard, without waiting for its end. */
  async start(index: number): Promise<void> {
    await this.select(index);
    await this.page.keyboard.press("Control+Enter");
  }

  /** Runs a cell and waits until it has this execution count. */
  async run(index: number, count: number): Promise<void> {
    await this.start(index);
    await this.counts(index, count);
  }

  /** Chooses from the menu. */
  async choose(menu: string, entry: string): Promise<void> {
    await this.page
      .locator(".lm-MenuBar-item")
      .getByText(menu, { exact: true })
      .click();
    await this.page
      .locator(".lm-Menu-itemLabel")
      .getByText(entry, { exact: true })
      .click();
  }

  /** Saves by the keyboard, and gives what the file holds then. */
  async save(): Promise<SavedNotebook> {
    await this.page.keyboard.press("Control+s");
    await this.page
      .locator(
        "#jp-main-dock-panel .lm-TabBar-tab.lm-mod-current:not(.jp-mod-dirty)",
      )
      .waitFor();
    return JSON.parse(readFileSync(this.file, "utf8")) as SavedNotebook;
  }

  /** Ends the kernel and closes the notebook without saving it. */
  async close(): Promise<void> {
    await this.page.evaluate(closeInPage, path.basename(this.file));
  }
}

/** Runs in the page: opens a notebook and waits until its kernel has answered. */
async function openInPage(file: string): Promise<void> {
  const { jupyterapp } = globalThis as unknown as { jupyterapp: ExposedApp };
  const { commands } = jupyterapp;
  const { context } = await commands.execute("docmanager:open", { path: file });
  // A reader who is quicker than this is asked which kernel to take.
  await context?.sessionContext.ready;
  await context?.sessionContext.session.kernel.info;
}

/** Runs in the page: ends a notebook's kernel and takes the notebook away, saved or not. */
async function closeInPage(file: string): Promise<void> {
  const { jupyterapp } = globalThis as unknown as { jupyterapp: ExposedApp };
  const notebook = [...jupyterapp.shell.widgets("main")].find(
    ({ context }) => context?.path === file,
  );
  await notebook?.context?.sessionContext.shutdown();
  notebook?.dispose();
}

/** Starts a server that has the environment's kernel and front ends, and everything else of its own. */
function startServer(folder: string, notebooks: string): ChildProcess {
  const settings = path.join(folder, "settings");
  for (const [file, content] of Object.entries(SETTINGS)) {
    mkdirSync(path.dirname(path.join(settings, file)), { recursive: true });
    writeFileSync(path.join(settings, file), JSON.stringify(content));
  }
  copyKernelspec(path.join(folder, "data"));
  const variables: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_OPTIONS: "",
    JUPYTER_CONFIG_DIR: path.join(folder, "config"),
    JUPYTER_DATA_DIR: path.join(folder, "data"),
    JUPYTER_RUNTIME_DIR: path.join(folder, "runtime"),
    JUPYTERLAB_SETTINGS_DIR: settings,
    JUPYTERLAB_WORKSPACES_DIR: path.join(folder, "workspaces"),
    IPYTHONDIR: path.join(folder, "ipython"),
    // The copied kernelspec counts, not the environment's.
    JUPYTER_PREFER_ENV_PATH: "0",
  };
  // Each would come before the folders above.
  delete variables.JUPYTER_PATH;
  delete variables.JUPYTER_CONFIG_PATH;
  return spawn(
    python,
    [
      ...["-m", "jupyterlab", "--no-browser", "--allow-root"],
      `--ServerApp.root_dir=${notebooks}`,
      "--ServerApp.ip=127.0.0.1",
      "--ServerApp.port=0",
      `--IdentityProvider.token=${randomUUID()}`,
      "--LabApp.expose_app_in_browser=True",
    ],
    { cwd: notebooks, env: variables, stdio: ["ignore", "pipe", "pipe"] },
  );
}

/** Copies the kernel's description as the set-up installed it, except that the tests leave the user's history alone. */
function copyKernelspec(data: string): void {
  const installed = path.join(
    ...[root, ".venv", "share", "jupyter", "kernels", "convnotes"],
  );
  const copy = path.join(data, "kernels", "convnotes");
  mkdirSync(copy, { recursive: true });
  const specification = JSON.parse(
    readFileSync(path.join(installed, "kernel.json"), "utf8"),
  ) as { env?: Record<string, string> };
  specification.env = { ...specification.env, CONVNOTES_HISTORY: "off" };
  writeFileSync(path.join(copy, "kernel.json"), JSON.stringify(specification));
}

/** Ends a server and everything it has started, without waiting. */
function endAtOnce({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  for (const each of [pid, ...descendantsOf(pid)]) {
    try {
      process.kill(each, "SIGKILL");
    } catch {
      // It has ended in this very moment.
    }
  }
}

function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}
