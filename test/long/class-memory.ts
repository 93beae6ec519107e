/**
 * Measures the memory and the processor time of the processes of a class.
 *
 * Memory is the proportional set size (PSS): pages that several processes share, such as those of
 * libtensorflow, count in parts, so that the sum over all processes is what the machine needs.
 */
import { readFileSync, readdirSync } from "node:fs";
import type { Account, ClassAccounts } from "./class-accounts";

/** What a process does for a student. */
export type Role = "server" | "front" | "compiler" | "cells" | "other";

/** The largest values seen for a student. */
export interface StudentPeak {
  /** PSS of all processes together, in bytes. */
  memory: number;
  /** PSS of the processes of each role, in bytes. */
  readonly roles: Partial<Record<Role, number>>;
  /** Processor time of the processes, in seconds. */
  seconds: number;
}

/** Clock ticks per second in /proc, which Linux fixes at 100. */
const TICKS = 100;
const SAMPLE_MILLISECONDS = 2_000;

/** Samples the processes of a class until it is stopped. */
export class ClassMemory {
  readonly peaks = new Map<Account, StudentPeak>();
  /** The largest PSS of all students at one time, in bytes. */
  largest = 0;
  readonly #seconds = new Map<number, number>();
  readonly #class: ClassAccounts;
  readonly #timer: NodeJS.Timeout;

  constructor(students: ClassAccounts) {
    this.#class = students;
    for (const account of students.accounts)
      this.peaks.set(account, { memory: 0, roles: {}, seconds: 0 });
    this.#timer = setInterval(() => this.sample(), SAMPLE_MILLISECONDS);
  }

  /** Looks at all processes once. */
  sample(): void {
    let total = 0;
    for (const [account, ids] of this.#class.processes()) {
      const peak = this.peaks.get(account)!;
      const roles: Partial<Record<Role, number>> = {};
      let memory = 0;
      for (const id of ids) {
        const bytes = proportional(id);
        memory += bytes;
        const role = roleOf(id);
        roles[role] = (roles[role] ?? 0) + bytes;
        const before = this.#seconds.get(id) ?? 0;
        const now = Math.max(processorSeconds(id), before);
        this.#seconds.set(id, now);
        peak.seconds += now - before;
      }
      total += memory;
      peak.memory = Math.max(peak.memory, memory);
      for (const [role, bytes] of Object.entries(roles) as [Role, number][])
        peak.roles[role] = Math.max(peak.roles[role] ?? 0, bytes);
    }
    this.largest = Math.max(this.largest, total);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/**
 * Returns the PSS of this account's processes whose command line has a text, in bytes: of the hub
 * and its proxy.
 */
export function memoryOfPrograms(text: string): number {
  const own = process.getuid!();
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((id) => read(id, "cmdline").includes(text))
    .filter(
      (id) => Number(/^Uid:\s+(\d+)/m.exec(read(id, "status"))?.[1]) === own,
    )
    .reduce((sum, id) => sum + proportional(id), 0);
}

/** Returns the role of a process by its command line. */
function roleOf(id: number): Role {
  const line = read(id, "cmdline").replaceAll("\0", " ");
  if (/jupyterhub-singleuser|student_server/.test(line)) return "server";
  if (/dist\/main\.js/.test(line)) return "front";
  if (/dist\/(compiler|snapshot)/.test(line)) return "compiler";
  return /dist\/runtime/.test(line) ? "cells" : "other";
}

function proportional(id: number): number {
  const found = /^Pss:\s+(\d+) kB/m.exec(read(id, "smaps_rollup"));
  return Number(found?.[1] ?? 0) * 1024;
}

function processorSeconds(id: number): number {
  // The name in brackets may contain spaces.
  const fields = read(id, "stat").split(") ").at(-1)!.split(" ");
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS;
}

/** Returns a file of a process, or nothing if it has ended. */
function read(id: number, file: string): string {
  try {
    return readFileSync(`/proc/${id}/${file}`, "utf8");
  } catch {
    return "";
  }
}
