/**
 * Finds or installs Zig's C++ compiler, which can compile for other architectures. Set-up uses the
 * same wheel on machines without a compiler.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { spawnSync } from "node:child_process";

const project = path.resolve(__dirname, "../../..");
const python = path.join(project, ".venv", "bin", "python");

/**
 * Returns Zig's C++ compiler. Downloads it if the Python environment does not have it.
 *
 * @param folder Folder for the download.
 * @returns The start of a command line, or the reason why there is no compiler.
 */
export function zigCompiler(
  folder: string,
): { readonly compiler: string[] } | { readonly reason: string } {
  const own = spawnSync(python, ["-I", "-m", "ziglang", "version"]);
  if (own.status === 0) {
    return { compiler: [python, "-I", "-m", "ziglang", "c++"] };
  }
  console.log("fetching Zig's compiler (90 MB)");
  const target = path.join(folder, "zig");
  const requirements = path.join(project, "requirements-compiler.txt");
  const pip = ["-I", "-m", "pip", "--disable-pip-version-check", "--no-input"];
  const install = ["install", "--quiet", "--target", target];
  const hashed = ["--require-hashes", "-r", requirements];
  const { stderr } = spawnSync(python, [...pip, ...install, ...hashed], {
    encoding: "utf8",
  });
  const program = path.join(target, "ziglang", "zig");
  if (existsSync(program)) return { compiler: [program, "c++"] };
  const [line = "pip says nothing"] = (stderr ?? "")
    .trim()
    .split("\n")
    .slice(-1);
  return { reason: `needs Zig's compiler, which cannot be fetched: ${line}` };
}
