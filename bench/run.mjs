/**
 * The measuring room's door: `npm run bench -- lesson-1`.
 *
 * Speed is only ever given as a ratio to a peer measured in the same run: the competitors take turns, each
 * in a fresh process, and the order is turned round every time.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const HELP = `Usage: npm run bench -- lesson-1 [options]

Trains lesson 1's model in convnotes and in Keras, by turns, and prints the ratio of their times.

  --samples N      pictures an epoch (5000)
  --epochs N       epochs a turn; the first one is reported apart (3)
  --batch-size N   (32)
  --turns N        turns of each competitor; the median is taken (3)
  --json FILE      writes the figures to FILE too`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    samples: { type: "string", default: "5000" },
    epochs: { type: "string", default: "3" },
    "batch-size": { type: "string", default: "32" },
    turns: { type: "string", default: "3" },
    json: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help || positionals[0] !== "lesson-1") {
  console.log(HELP);
  process.exit(values.help ? 0 : 1);
}
for (const name of ["samples", "epochs", "batch-size", "turns"]) {
  const least = name === "epochs" ? 2 : 1;
  if (!(
    Number.isInteger(Number(values[name])) && Number(values[name]) >= least
  )) {
    console.error(
      `Expected --${name} to be a whole number of at least ${least}, received "${values[name]}".`,
    );
    process.exit(1);
  }
}

const job = [
  "--samples",
  values.samples,
  "--epochs",
  values.epochs,
  "--batch-size",
  values["batch-size"],
];
const competitors = {
  convnotes: [
    process.execPath,
    [
      "--require",
      "ts-node/register/transpile-only",
      join("bench", "lesson-1", "convnotes.ts"),
      ...job,
    ],
  ],
  Keras: [
    join(".venv", "bin", "python"),
    [join("bench", "lesson-1", "keras_peer.py"), ...job],
  ],
};

/** @type {Record<string, {first: number[], later: number[], peak: number[]}>} */
const measured = {};
for (let turn = 0; turn < Number(values.turns); turn += 1) {
  const order = Object.keys(competitors);
  if (turn % 2 === 1) order.reverse();
  for (const name of order) {
    const [command, parameters] = competitors[name];
    const { stdout, stderr, status } = spawnSync(command, parameters, {
      cwd: root,
      encoding: "utf8",
    });
    if (status !== 0) {
      console.error(`${name} has failed:\n${stderr}`);
      process.exit(1);
    }
    const { secondsPerEpoch, peakMegabytes } = JSON.parse(
      stdout.trim().split("\n").at(-1),
    );
    const figures = (measured[name] ??= { first: [], later: [], peak: [] });
    figures.first.push(secondsPerEpoch[0]);
    figures.later.push(Math.min(...secondsPerEpoch.slice(1)));
    figures.peak.push(peakMegabytes);
    console.log(
      `turn ${turn + 1}: ${name} ${secondsPerEpoch.map((seconds) => seconds.toFixed(2)).join(" ")} s an epoch, ${peakMegabytes.toFixed(0)} MB at most`,
    );
  }
}

const median = (numbers) => {
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
};
const figures = Object.fromEntries(
  Object.entries(measured).map(([name, { first, later, peak }]) => [
    name,
    {
      firstEpoch: median(first),
      laterEpoch: median(later),
      peakMegabytes: median(peak),
    },
  ]),
);
const { convnotes, Keras } = figures;
const ratio = convnotes.laterEpoch / Keras.laterEpoch;
console.log(
  `An epoch of ${values.samples} pictures: convnotes ${convnotes.laterEpoch.toFixed(2)} s, Keras ${Keras.laterEpoch.toFixed(2)} s; convnotes takes ${ratio.toFixed(2)} times as long.`,
);
if (values.json) {
  writeFileSync(
    values.json,
    `${JSON.stringify({ job: values, figures, ratio }, null, 2)}\n`,
  );
}
