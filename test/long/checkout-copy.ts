/**
 * A copy of this checkout in a temporary folder, with the checkout's packages and Python
 * environment.
 *
 * Building and running in the copy does not affect the checkout, or the other way round.
 */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const checkout = join(__dirname, "..", "..");

/**
 * A copy with the kernel compiled and the library's declarations written, but without a snapshot of
 * the compiler.
 */
export class CheckoutCopy {
  readonly path: string;

  /** Throws an Error if the kernel's or the library's source does not compile. */
  constructor() {
    this.path = realpathSync(mkdtempSync(join(tmpdir(), "convnotes-copy-")));
    const listed = ["ls-files", "-z", "-co", "--exclude-standard"];
    const files = execFileSync("git", listed, {
      cwd: checkout,
      encoding: "utf8",
    });
    for (const name of files.split("\0")) {
      const source = join(checkout, name);
      if (name !== "" && existsSync(source)) {
        cpSync(source, join(this.path, name));
      }
    }
    this.#linkEnvironment();
    for (const folder of [".", "kernel", "src"]) {
      this.#linkPackages(join(folder, "node_modules"));
    }
    const compiler = join("node_modules", "typescript", "bin", "tsc");
    for (const part of ["src/notebook", "src", "kernel"]) {
      execFileSync(process.execPath, [compiler, "-p", part], {
        cwd: this.path,
        stdio: ["ignore", "pipe", "inherit"],
      });
    }
  }

  /**
   * Links the Python environment. Setup in the copy registers the copy's kernel, so the folders in
   * which it does are copied.
   */
  #linkEnvironment(): void {
    const [python] = readdirSync(join(checkout, ".venv", "lib"));
    const packages = join(".venv", "lib", python!, "site-packages");
    this.#linkEntries(packages, (name) => name.endsWith(".pth"));
    this.#linkEntries(".venv", (name) => name === "etc" || name === "share");
  }

  /** Links the entries of a folder, and copies those that are chosen, if they are missing. */
  #linkEntries(folder: string, isCopied: (name: string) => boolean): void {
    mkdirSync(join(this.path, folder), { recursive: true });
    for (const name of readdirSync(join(checkout, folder))) {
      const from = join(checkout, folder, name);
      const to = join(this.path, folder, name);
      if (existsSync(to)) continue;
      if (isCopied(name)) {
        cpSync(from, to, { recursive: true, verbatimSymlinks: true });
      } else symlinkSync(from, to);
    }
  }

  /** Removes the copy. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  /**
   * Links each package; a package that is a folder of the checkout is linked to the same folder of
   * the copy.
   */
  #linkPackages(folder: string): void {
    const source = join(checkout, folder);
    if (!existsSync(source)) return;
    mkdirSync(join(this.path, folder));
    for (const name of readdirSync(source)) {
      const target = join(folder, name);
      if (name.startsWith("@")) {
        this.#linkPackages(target);
      } else if (lstatSync(join(checkout, target)).isSymbolicLink()) {
        symlinkSync(readlinkSync(join(source, name)), join(this.path, target));
      } else if (name !== ".cache") {
        symlinkSync(join(source, name), join(this.path, target));
      }
    }
  }
}
