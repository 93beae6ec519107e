/** Figures in columns. */

/**
 * @param {readonly string[]} heading
 * @param {readonly (readonly string[])[]} rows As long as the heading each.
 * @returns {string} Lines; the first column is set flush left, the others flush right.
 */
export function textTable(heading, rows) {
  const lines = [heading, ...rows];
  const widths = heading.map((_, column) =>
    Math.max(...lines.map((line) => line[column].length)),
  );
  const ruler = widths.map((width) => "-".repeat(width));
  return [heading, ruler, ...rows]
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0
            ? cell.padEnd(widths[column])
            : cell.padStart(widths[column]),
        )
        .join("  "),
    )
    .join("\n");
}
