/**
 * The memory of this process.
 */
import { readFileSync } from "node:fs";

/** The most memory the process has held, in MB of 2^20 bytes. */
export function peakMegabytes(): number {
  if (process.platform === "linux") {
    const status = readFileSync("/proc/self/status", "utf8");
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
  }
  return process.resourceUsage().maxRSS / 1024;
}
