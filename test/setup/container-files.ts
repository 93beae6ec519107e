/**
 * Reads the files that describe containers: Dockerfile, binder/ and .devcontainer/. Runs their
 * commands outside of a container.
 */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

export const project = path.resolve(__dirname, "../..");

/** Returns the text of a file of the project. */
export function text(name: string): string {
  return fs.readFileSync(path.join(project, name), "utf8");
}

/** An instruction of a Dockerfile. */
export interface Instruction {
  readonly keyword: string;
  readonly rest: string;
}

/** Returns the instructions of a Dockerfile, without comments and with continued lines joined. */
export function instructions(dockerfile: string): Instruction[] {
  return dockerfile
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("#"))
    .join("\n")
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .map((line) => /^(\w+)\s+(.*)$/.exec(line.trim()))
    .filter((match) => match !== null)
    .map(([, keyword, rest]) => ({ keyword: keyword!, rest: rest! }));
}

/** A command, and the folder that it runs in. */
export interface Command {
  readonly shell: string;
  readonly folder: string;
}

/**
 * Follows a Dockerfile below a folder that stands for the image's root.
 *
 * `COPY . .` copies the files that git knows. Other instructions than those that this Dockerfile
 * has are an error.
 *
 * @param run Runs a `RUN` line, and at last the `CMD`.
 */
export async function follow(
  dockerfile: string,
  root: string,
  run: (command: Command) => Promise<void>,
): Promise<void> {
  let folder = root;
  for (const { keyword, rest } of instructions(dockerfile)) {
    if (keyword === "WORKDIR") {
      folder = path.join(root, rest);
      fs.mkdirSync(folder, { recursive: true });
    } else if (keyword === "COPY" && / \. \.$/.test(rest)) {
      copyCheckout(folder);
    } else if (keyword === "RUN") {
      await run({ shell: rest, folder });
    } else if (keyword === "CMD") {
      const words = JSON.parse(rest) as string[];
      await run({ shell: words.join(" "), folder });
    } else if (!["FROM", "USER", "EXPOSE"].includes(keyword)) {
      throw new Error(`Expected a known instruction, received ${keyword}.`);
    }
  }
}

/** Copies the files of the project that git knows or would add, as a fresh clone has them. */
export function copyCheckout(folder: string): void {
  const listed = ["ls-files", "-z", "-co", "--exclude-standard"];
  const files = execFileSync("git", listed, { cwd: project, encoding: "utf8" });
  for (const name of files.split("\0"))
    if (name !== "" && fs.existsSync(path.join(project, name)))
      fs.cpSync(path.join(project, name), path.join(folder, name));
}

/** The part of devcontainer.json that this project uses. */
export interface DevContainer {
  readonly build: {
    readonly dockerfile: string;
    readonly context: string;
    readonly target: string;
  };
  readonly remoteUser: string;
  readonly onCreateCommand: string;
  readonly postAttachCommand: string;
  readonly forwardPorts: readonly number[];
}

/** Returns what devcontainer.json says. */
export function devContainer(): DevContainer {
  return JSON.parse(text(".devcontainer/devcontainer.json")) as DevContainer;
}
