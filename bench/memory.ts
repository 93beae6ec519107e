/**
 * Measures the memory of this process.
 */
import { readFileSync } from "node:fs";

/** Returns the peak memory of the process, in MB of 2^20 bytes. */
export function peakMegabytes(): number {
  if (process.platform === "linux") {
    const status = readFileSync("/proc/self/status", "utf8");
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
  }
  return process.resourceUsage().maxRSS / 1024;
}
