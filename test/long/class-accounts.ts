/**
 * Unix accounts made for a test, and removed after it with everything that they ran or wrote.
 */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, readFileSync, readdirSync } from "node:fs";

/** The reason why no accounts can be made here, or false if they can. */
export const noAccounts: string | false =
  process.platform !== "linux" || process.getuid?.() !== 0
    ? "making accounts needs root on Linux"
    : false;

/** Others may enter and read a home folder: many systems create it so. */
const OPEN_HOME = 0o755;

/** An account. */
export interface Account {
  readonly name: string;
  readonly password: string;
  readonly home: string;
  readonly uid: number;
}

/** A group of accounts, which only this test uses. */
export class ClassAccounts {
  readonly group = `cn${process.pid}`;
  readonly accounts: readonly Account[];
  readonly #made: string[] = [];

  /**
   * Makes a group and its accounts, each with a password of its own and a home folder that others
   * can read.
   *
   * @throws Error If one cannot be made. None stays then.
   */
  constructor(count: number) {
    try {
      execFileSync("groupadd", [this.group]);
      this.accounts = Array.from({ length: count }, (_, at) =>
        this.#make(`${this.group}-${String(at + 1).padStart(2, "0")}`),
      );
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /** Process ids of the accounts' processes, by account. */
  processes(): Map<Account, number[]> {
    const found = new Map<Account, number[]>(
      this.accounts.map((account) => [account, []]),
    );
    for (const name of readdirSync("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      const uid = userOf(name);
      const account = this.accounts.find((each) => each.uid === uid);
      if (account) found.get(account)!.push(Number(name));
    }
    return found;
  }

  /** Ends the accounts' processes and removes the accounts with their homes. */
  remove(): void {
    for (const ids of this.accounts ? this.processes().values() : [])
      for (const id of ids) kill(id);
    for (const name of this.#made.splice(0))
      execFileSync("userdel", ["--force", "--remove", name], {
        stdio: "ignore",
      });
    try {
      execFileSync("groupdel", [this.group], { stdio: "ignore" });
    } catch {
      // It was not made.
    }
  }

  #make(name: string): Account {
    execFileSync("useradd", [
      ...["--create-home", "--groups", this.group],
      ...["--shell", "/bin/bash", name],
    ]);
    this.#made.push(name);
    const password = randomBytes(12).toString("hex");
    execFileSync("chpasswd", { input: `${name}:${password}\n` });
    const fields = execFileSync("getent", ["passwd", name], {
      encoding: "utf8",
    }).split(":");
    const home = fields[5]!;
    chmodSync(home, OPEN_HOME);
    return { name, password, home, uid: Number(fields[2]) };
  }
}

/** Returns the user of a process, or undefined if it has ended. */
function userOf(id: string): number | undefined {
  try {
    const status = readFileSync(`/proc/${id}/status`, "utf8");
    return Number(/^Uid:\s+(\d+)/m.exec(status)?.[1]);
  } catch {
    return undefined;
  }
}

function kill(id: number): void {
  try {
    process.kill(id, "SIGKILL");
  } catch {
    // It has ended.
  }
}
