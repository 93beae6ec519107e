/**
 * Installs npm packages into the notebook's folder for `%install`, and notes their exact versions.
 */
import type { MimeBundle } from "@convnotes/notebook/mime";
import { quantity } from "@convnotes/notebook/quantity";
import { resolve } from "node:path";
import { typesPackageOf } from "../../../extensions/installed-packages";
import { PACKAGES_TYPE } from "../../host-key";
import {
  type NotedPackages,
  notedPackages,
  readNotebook,
} from "../../noted-packages";
import { isOffline, npmCode, npmFailure } from "./npm-errors";
import { type NpmEnd, runNpm } from "./npm-program";
import { PackageFolder } from "./package-folder";
import {
  isEntryOf,
  isExact,
  pinned,
  type Specifier,
  specifiers,
} from "./package-specifier";

/** What the installer needs of the runtime. */
interface InstallContext {
  readonly notebookFolder: string;
  /** The path of the notebook. Default: the one that Jupyter's server has named, if it has. */
  readonly notebook?: string;
  print(text: string): void;
  show(bundle: MimeBundle): void;
}

/** Options of `npm install`; the folder follows `--prefix`, so that npm does not look above it. */
const OPTIONS = [
  "install",
  "--ignore-scripts",
  "--no-audit",
  "--no-fund",
  "--save-exact",
  // Types are development dependencies, which NODE_ENV may leave out.
  "--include=dev",
  "--location=project",
  "--loglevel=http",
  "--no-color",
  "--no-update-notifier",
  // By default, npm waits a minute before it reports that it is offline.
  "--fetch-retries=1",
  "--fetch-retry-mintimeout=1000",
  "--fetch-retry-maxtimeout=5000",
];

/** How often progress is printed at most, in milliseconds. */
const PROGRESS_MILLISECONDS = 2000;

/** Matches entries of package.json that are not versions, such as "file:folder". */
const PLACE = /^\w[\w+]*:/;

/** Installs packages, one `%install` after the other. */
export class Installer {
  readonly #context: InstallContext;
  readonly #folder: PackageFolder;
  /** Settles when npm has ended, even after an interrupt. */
  #latest: Promise<unknown> = Promise.resolve();

  constructor(context: InstallContext) {
    this.#context = context;
    this.#folder = new PackageFolder(resolve(context.notebookFolder));
  }

  /**
   * Installs the packages that the argument names, or those that are recorded if it names none.
   *
   * @throws {Error} With one sentence that says why packages cannot be installed.
   */
  async run(argument: string): Promise<void> {
    const { print, show } = this.#context;
    const folder = this.#folder;
    const named = specifiers(argument);
    folder.check();
    await this.#latest;
    const recorded = folder.recorded();
    const isRecord = named.length === 0 && Object.keys(recorded).length > 0;
    const wanted = isRecord
      ? entries(recorded)
      : named.length === 0
        ? entries(this.#noted())
        : named.map((each) => pinned(each, { ...this.#noted(), ...recorded }));
    if (wanted.length === 0) {
      print(
        "Nothing to install: neither package.json nor this notebook names packages.\n",
      );
      return;
    }
    const before = this.#versions(Object.keys(recorded));
    const isComplete = isRecord
      ? Object.entries(recorded).every((each) => this.#isCurrent(...each))
      : wanted.every(
          ({ name, version }) =>
            name !== undefined &&
            isExact(version) &&
            recorded[name] === version &&
            this.#isCurrent(name, version),
        );
    if (isComplete) print("Already installed.\n");
    else await this.#install(wanted, isRecord);
    const names = this.#namesOf(wanted, recorded);
    const types = await this.#installTypes(names, wanted, isComplete);
    this.#report([...names, ...types], before, show);
  }

  /** Returns the packages that the notebook notes, if its server says which notebook it is. */
  #noted(): NotedPackages {
    const path = this.#context.notebook ?? process.env.JPY_SESSION_NAME;
    if (path === undefined || !path.endsWith(".ipynb")) return {};
    try {
      return notedPackages(readNotebook(resolve(this.#folder.path, path)));
    } catch {
      return {}; // Not saved yet, or the server's name is not a path here.
    }
  }

  /** Whether an entry of package.json is installed with its version; a folder, with any. */
  #isCurrent(name: string, entry: string): boolean {
    const version = this.#folder.versionOf(name);
    return (
      version !== undefined && (version === entry || entry.startsWith("file:"))
    );
  }

  /**
   * Installs packages.
   *
   * @param wanted The packages.
   * @param isRecord Whether they are those of package.json, which npm then reads with its lock.
   */
  async #install(
    wanted: readonly Specifier[],
    isRecord: boolean,
  ): Promise<void> {
    const { print } = this.#context;
    const list = wanted.map(({ text }) => text);
    print(`Installing ${list.join(", ")}\n`);
    const created = this.#folder.createManifest();
    const end = await this.#npm(isRecord ? [] : list).finally(() =>
      created?.undo(),
    );
    if (end.code !== 0) throw npmFailure(end, list.join(", "));
    if (created?.lostConfiguration !== undefined) {
      print(
        `The folder has a package.json now, so ${created.lostConfiguration} no longer applies to it. A tsconfig.json here with "extends" keeps its settings.\n`,
      );
    }
  }

  #npm(texts: readonly string[], ...more: readonly string[]): Promise<NpmEnd> {
    const { print } = this.#context;
    let printed = performance.now();
    const running = runNpm(
      [...OPTIONS, ...more, "--prefix", this.#folder.path, "--", ...texts],
      this.#folder.path,
      {
        fetched: (count) => {
          if (performance.now() - printed < PROGRESS_MILLISECONDS) return;
          printed = performance.now();
          print(`  ${quantity(count, "file")} fetched so far\n`);
        },
        warned: (text) => print(`npm: ${text}\n`),
      },
    );
    this.#latest = running.catch(() => undefined);
    return running;
  }

  /** Returns the names of the installed packages. */
  #namesOf(
    wanted: readonly Specifier[],
    before: NotedPackages,
  ): readonly string[] {
    const after = this.#folder.recorded();
    const names = Object.entries(after).flatMap(([name, value]) => {
      const isWanted = wanted.some(
        (each) =>
          each.name === name || isEntryOf(each, value, this.#folder.path),
      );
      return isWanted || before[name] !== value ? [name] : [];
    });
    return names;
  }

  /**
   * Installs types from the registry for packages that came from there without any. Returns the
   * names of the packages with types.
   */
  async #installTypes(
    names: readonly string[],
    wanted: readonly Specifier[],
    isComplete: boolean,
  ): Promise<readonly string[]> {
    const installed: string[] = [];
    for (const name of names) {
      const types = typesPackageOf(name);
      if (this.#folder.hasTypes(name)) continue;
      if (this.#folder.versionOf(types) === undefined) {
        if (isComplete) continue;
        const isRegistered = wanted.some((each) => each.name === name);
        const reason = isRegistered
          ? await this.#findTypes(name, types)
          : "it has none";
        if (reason !== undefined) {
          this.#context.print(
            `Expected types of ${name}, but ${reason}. Declare the module in a .d.ts file, as in: declare module "${name}";\n`,
          );
          continue;
        }
      }
      installed.push(types);
    }
    return installed;
  }

  /** Installs a package of types. Returns why that was not possible; undefined if it was. */
  async #findTypes(name: string, types: string): Promise<string | undefined> {
    this.#context.print(`Looking for types of ${name}\n`);
    const [major] = (this.#folder.versionOf(name) ?? "").split(".");
    for (const version of [major, "latest"]) {
      const end = await this.#npm([`${types}@${version}`], "--save-dev");
      if (end.code === 0) return undefined;
      if (isOffline(end)) return "the registry could not be reached for them";
      if (npmCode(end) === undefined) return "npm was stopped";
      if (npmCode(end) !== "ETARGET") break;
    }
    return `neither it nor the registry has any (${types})`;
  }

  #versions(names: readonly string[]): Readonly<Record<string, string>> {
    return Object.fromEntries(
      names.flatMap((name) => {
        const version = this.#folder.versionOf(name);
        return version === undefined ? [] : [[name, version] as const];
      }),
    );
  }

  /** Displays the versions, in a form that the notebook stores. */
  #report(
    names: readonly string[],
    before: Readonly<Record<string, string>>,
    show: InstallContext["show"],
  ): void {
    const versions = this.#versions(names);
    const recorded = this.#folder.recorded();
    const noted = Object.fromEntries(
      Object.entries(versions).map(([name, version]) => {
        const value = recorded[name] ?? "";
        return [name, PLACE.test(value) ? value : version];
      }),
    );
    const list = Object.entries(versions).map((each) => each.join(" "));
    const hasChanged = Object.entries(versions).some(
      ([name, version]) => (before[name] ?? version) !== version,
    );
    const lines = [
      `In the notebook's folder: ${list.join(", ")}`,
      ...(hasChanged
        ? ["Restart the kernel if a cell has loaded another version."]
        : []),
    ];
    show({ "text/plain": lines.join("\n"), [PACKAGES_TYPE]: noted });
  }
}

/** Returns recorded packages as specifiers: by name and version, or by place. */
function entries(packages: NotedPackages): readonly Specifier[] {
  return Object.entries(packages).map(([name, version]) =>
    PLACE.test(version) && !version.startsWith("npm:")
      ? { text: version }
      : { text: `${name}@${version}`, name, version },
  );
}
