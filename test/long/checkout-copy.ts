/**
 * A copy of this checkout in a temporary folder, with the packages and the Python environment of the checkout itself: what is
 * built and run there touches nothing here, and nothing here disturbs it.
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

/** The copy; its kernel is compiled, the library's types are written, and no snapshot of the compiler is there. */
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
    symlinkSync(join(checkout, ".venv"), join(this.path, ".venv"));
    for (const folder of [".", "kernel", "src"]) {
      this.#linkPackages(join(folder, "node_modules"));
    }
    const compiler = join("node_modules", "typescript", "bin", "tsc");
    for (const part of ["src", "kernel"]) {
      execFileSync(process.execPath, [compiler, "-p", part], {
        cwd: this.path,
        stdio: ["ignore", "pipe", "inherit"],
      });
    }
  }

  /** Takes the copy away. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  /** Links each package; one that is a folder of the checkout becomes the same folder of the copy. */
  #linkPackages(folder: string): void {
    const source = join(checkout, folder);
    if (!existsSync(source)) return;
    mkdirSync(join(this.path, folder));
    for (const name of readdirSync(source)) {
      const place = join(folder, name);
      if (name.startsWith("@")) {
        this.#linkPackages(place);
      } else if (lstatSync(join(checkout, place)).isSymbolicLink()) {
        symlinkSync(readlinkSync(join(source, name)), join(this.path, place));
      } else if (name !== ".cache") {
        symlinkSync(join(source, name), join(this.path, place));
      }
    }
  }
}
