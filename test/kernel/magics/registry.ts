/**
 * A registry of npm packages for tests, on this machine: it serves packages that the test makes.
 */
import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A package: its package.json, and its other files by name. */
export interface TestPackage {
  readonly name: string;
  readonly version: string;
  readonly [field: string]: unknown;
}

/** Writes files below a folder. */
export function writeFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** A running registry. */
export class Registry {
  readonly #server: Server;
  readonly #folder = mkdtempSync(join(tmpdir(), "convnotes-registry-"));
  readonly #archives = new Map<string, Buffer>();
  readonly #packages = new Map<string, TestPackage[]>();
  /** The names that were asked for, in order. */
  readonly asked: string[] = [];
  /** Called for the names that are never answered. */
  hangsOn: (name: string) => boolean = () => false;

  private constructor() {
    this.#server = createServer(({ url = "" }, response) =>
      this.#answer(decodeURIComponent(url.slice(1)), response),
    );
  }

  /** Starts a registry without packages. */
  static async start(): Promise<Registry> {
    const registry = new Registry();
    await new Promise<void>((resolve) => {
      registry.#server.listen(0, "127.0.0.1", resolve);
    });
    return registry;
  }

  /** Its address. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/`;
  }

  /** Adds a package. Its latest version is the one that is added last. */
  add(manifest: TestPackage, files: Readonly<Record<string, string>>): void {
    const { name, version } = manifest;
    const archive = `${name.replace("/", "-")}-${version}.tgz`;
    const folder = join(this.#folder, archive);
    writeFiles(join(folder, "package"), {
      ...files,
      "package.json": JSON.stringify(manifest),
    });
    const path = join(folder, "archive.tgz");
    const { status } = spawnSync("tar", [
      "-czf",
      path,
      "-C",
      folder,
      "package",
    ]);
    if (status !== 0) throw new Error("Expected tar to make an archive.");
    this.#archives.set(archive, readFileSync(path));
    const dist = { tarball: `${this.url}${archive}` };
    this.#packages.set(name, [
      ...(this.#packages.get(name) ?? []),
      { ...manifest, dist },
    ]);
  }

  /** Ends it. */
  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
    rmSync(this.#folder, { recursive: true });
  }

  #answer(path: string, response: ServerResponse): void {
    this.asked.push(path);
    if (this.hangsOn(path)) return;
    const archive = this.#archives.get(path);
    if (archive) {
      response.end(archive);
      return;
    }
    const versions = this.#packages.get(path);
    response.statusCode = versions ? 200 : 404;
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify(
        versions
          ? {
              name: path,
              "dist-tags": { latest: versions.at(-1)?.version },
              versions: Object.fromEntries(
                versions.map((each) => [each.version, each]),
              ),
            }
          : { error: "not found" },
      ),
    );
  }
}
