/**
 * Measures the time of statements for `%time`, and formats times.
 */

/** The moment at which a measurement began. */
interface Beginning {
  /** In milliseconds. */
  readonly wall: number;
  readonly cpu: NodeJS.CpuUsage;
}

/** Running measurements. */
export class Stopwatches {
  readonly #print: (text: string) => void;
  /** By the position of the magic in its cell. A failed statement leaves one, which is replaced. */
  readonly #begun = new Map<number, Beginning>();

  /** @param print Prints text in the cell. */
  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  /** Begins a measurement. Returns `id`. */
  start(id: number): number {
    const cpu = process.cpuUsage();
    this.#begun.set(id, { wall: performance.now(), cpu });
    return id;
  }

  /** Ends a measurement and prints the times as IPython does: of all threads, and of the clock. */
  stop(id: number): void {
    const now = performance.now();
    const begun = this.#begun.get(id);
    if (begun === undefined) return;
    this.#begun.delete(id);
    const { user, system } = process.cpuUsage(begun.cpu);
    const micro = 1e-6;
    this.#print(
      `CPU times: user ${secondsText(user * micro)}, sys: ${secondsText(system * micro)}, ` +
        `total: ${secondsText((user + system) * micro)}\n` +
        `Wall time: ${secondsText((now - begun.wall) / 1000)}\n`,
    );
  }
}

const MINUTE = 60;
const HOUR = 3600;

/** Units below a minute, the largest first. */
const UNITS = [
  [1, "s"],
  [1e-3, "ms"],
  [1e-6, "µs"],
  [1e-9, "ns"],
] as const;

/** Returns a time in seconds as text with three digits, such as "1.23 ms" or "2min 5s". */
export function secondsText(seconds: number): string {
  if (seconds >= MINUTE) {
    const whole = Math.round(seconds);
    const parts = [
      [Math.floor(whole / HOUR), "h"],
      [Math.floor((whole % HOUR) / MINUTE), "min"],
      [whole % MINUTE, "s"],
    ] as const;
    const first = parts.findIndex(([count]) => count > 0);
    return parts
      .slice(first)
      .map(([count, unit]) => `${count}${unit}`)
      .join(" ");
  }
  if (seconds === 0) return "0 s";
  const [size, unit] =
    UNITS.find(([each]) => seconds >= each) ?? UNITS[UNITS.length - 1]!;
  return `${Number((seconds / size).toPrecision(3))} ${unit}`;
}
