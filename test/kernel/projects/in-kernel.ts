/**
 * Runs a project in the kernel.
 */
import { KernelClient } from "../kernel-client";
import { Folder } from "./folder";
import type { Project, Result } from "./project";

/** The result of a project in a kernel, with the output on stderr. */
interface KernelResult {
  readonly result: Result;
  readonly stderr: string;
}

/** Starts a kernel in the project's folder and runs its cells. */
export async function runInKernel(project: Project): Promise<KernelResult> {
  const folder = new Folder(project);
  try {
    const kernel = await KernelClient.start({ folder: folder.notebooks });
    try {
      return await play(kernel, project.cells);
    } finally {
      await kernel.close();
    }
  } finally {
    folder.remove();
  }
}

async function play(
  kernel: KernelClient,
  cells: readonly string[],
): Promise<KernelResult> {
  let stdout = "";
  let stderr = "";
  for (const [index, code] of cells.entries()) {
    const answer = await kernel.execute(code);
    stdout += answer.stdout;
    stderr += answer.stderr;
    const { error } = answer;
    if (error) {
      const codes = error.traceback.match(/TS\d+(?=:)/g);
      const first = `${error.ename}: ${error.evalue}`.split("\n")[0] ?? "";
      const result = codes
        ? { objections: codes.join(" ") }
        : { throws: first };
      return { result, stderr };
    }
    if (index === cells.length - 1 && answer.result !== undefined) {
      stdout += `${answer.result}\n`;
    }
  }
  return { result: { stdout }, stderr };
}
