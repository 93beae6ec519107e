/**
 * JupyterLab for the tests: a server in the project's Python environment, and its page in headless
 * Chromium.
 *
 * All files are in a temporary folder inside the checkout, so that cells find the project's
 * packages. No process remains, whatever happens in a test.
 */
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import {
  code,
  folderInProject,
  noKernel,
  noPython,
  writeNotebook,
  type Cell,
} from "../lessons/notebook-file";
import { until } from "../until";
import { browser, noBrowser } from "./browser";
import { openInPage } from "./exposed-app";
import { LabNotebook } from "./lab-notebook";
import { killTree, startServer } from "./lab-server";

/** Why JupyterLab cannot run here, or false if it can. */
export const noLab = noPython || noKernel || noBrowser;

/**
 * Timeout of every action, in milliseconds. An action of one second takes ten on a busy machine.
 */
const TIMEOUT = 60_000;

/** How long the server may take to end its kernels, in milliseconds. */
const GRACE = 15_000;

/** Running instances, which are ended when the test process ends. */
const running = new Set<Lab>();
process.on("exit", () => running.forEach((lab) => lab.abandon()));
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.on(signal, () => process.exit(code));
}

/**
 * A server and a browser. Each notebook has its own page, so that late events of a page do not
 * affect the next test.
 */
export class Lab {
  /** Folder of the notebooks. */
  readonly folder: string;
  readonly #removeFolder: () => void;
  readonly #server: ChildProcess;
  #log = "";
  #browser: Browser | undefined;
  #address: URL | undefined;

  private constructor(prepare: (folder: string) => void) {
    const { folder, remove } = folderInProject();
    this.#removeFolder = remove;
    this.folder = path.join(folder, "notebooks");
    mkdirSync(this.folder);
    prepare(folder);
    this.#server = startServer(folder, this.folder);
    running.add(this);
    for (const stream of [this.#server.stdout, this.#server.stderr]) {
      stream?.setEncoding("utf8");
      stream?.on("data", (text: string) => (this.#log += text));
    }
  }

  /**
   * Starts the server and the browser.
   *
   * @param prepare Adds to the server's folders `config`, `data` and `settings`.
   * @throws {Error} If one of them does not start; the message contains the server's output.
   */
  static async start(
    prepare: (folder: string) => void = () => undefined,
  ): Promise<Lab> {
    const lab = new Lab(prepare);
    try {
      const [address, started] = await Promise.all([
        lab.#waitForAddress(),
        chromium.launch({
          ...(browser !== undefined && { executablePath: browser }),
          args: [
            "--disable-gpu",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
          ],
        }),
      ]);
      lab.#address = address;
      lab.#browser = started;
    } catch (error) {
      await lab.close();
      throw new Error(`JupyterLab did not start. It printed:\n${lab.#log}`, {
        cause: error,
      });
    }
    return lab;
  }

  /** Writes a notebook of these cells, opens it in a new page and waits for its kernel. */
  async open(
    name: string,
    cells: readonly (string | Cell)[],
  ): Promise<LabNotebook> {
    const file = writeNotebook(
      path.join(this.folder, `${name}.ipynb`),
      cells.map((cell) => (typeof cell === "string" ? code(cell) : cell)),
    );
    const notebook = new LabNotebook(await this.#openPage(name), file);
    await notebook.page.evaluate(openInPage, `${name}.ipynb`);
    await notebook.cell(cells.length - 1).waitFor();
    await notebook.idle();
    return notebook;
  }

  /** Ends the browser, the server and its kernels, and removes the folder. */
  async close(): Promise<void> {
    await this.#browser?.close().catch(() => undefined);
    const server = this.#server;
    if (server.exitCode === null && server.signalCode === null) {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM");
      // A server that does not end by itself would keep the tests from ending.
      const late = setTimeout(() => killTree(server), GRACE);
      await ended;
      clearTimeout(late);
    }
    running.delete(this);
    this.#removeFolder();
  }

  /** Does the synchronous part of `close`; Playwright ends its browser itself. */
  abandon(): void {
    killTree(this.#server);
    this.#removeFolder();
  }

  /** Opens a page in a workspace of this name, in which no other notebook has been opened. */
  async #openPage(workspace: string): Promise<Page> {
    const address = new URL(`lab/workspaces/${workspace}`, this.#address);
    address.search = this.#address?.search ?? "";
    const page = await this.#browser?.newPage({
      viewport: { width: 1200, height: 1000 },
    });
    if (page === undefined) throw new Error("The browser has not started.");
    page.setDefaultTimeout(TIMEOUT);
    await page.goto(address.href);
    await page.locator("#jp-main-dock-panel").waitFor();
    await page.locator("#jupyterlab-splash").waitFor({ state: "detached" });
    return page;
  }

  /** Returns the server's address, which the server writes to a file once it listens. */
  async #waitForAddress(): Promise<URL> {
    const file = path.join(
      path.dirname(this.folder),
      "runtime",
      `jpserver-${this.#server.pid}.json`,
    );
    const text = await until(() => {
      if (this.#server.exitCode !== null)
        throw new Error("The server has ended.");
      // The file may be incomplete.
      const written = existsSync(file) ? readFileSync(file, "utf8") : "";
      return written.trimEnd().endsWith("}") && written;
    }, "the server's address");
    const { url, token } = JSON.parse(text) as Record<string, string>;
    return new URL(`?token=${token}`, url);
  }
}
