/**
 * Formats the lessons' stored full runs and the runs of their sources as a Markdown table.
 */
import { storedResults } from "./stored-results";

/**
 * Returns the table.
 *
 * @param root The project's root folder.
 * @param lessons Numbers of the lessons.
 */
export function storedResultsMarkdown(
  root: string,
  lessons: readonly number[],
): string {
  const { rows } = storedResults(root, lessons);
  const heading = [
    "model",
    "images",
    "loss",
    "source's",
    "accuracy",
    "source's",
    "epochs",
    "seconds per epoch",
  ];
  const lines = rows.map((row) => [
    `${row.lesson}: ${row.model}`,
    row.provenance,
    row.testLoss.toFixed(4),
    row.sourceLoss?.toFixed(4) ?? "-",
    row.testAccuracy.toFixed(4),
    row.sourceAccuracy?.toFixed(4) ?? "-",
    String(row.epochs),
    row.secondsPerEpoch.toFixed(1),
  ]);
  const rule = heading.map((_, column) => (column < 2 ? "---" : "---:"));
  return [heading, rule, ...lines]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}
