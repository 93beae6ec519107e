/** Formats text tables. */

/**
 * @param {readonly string[]} heading
 * @param {readonly (readonly string[])[]} rows Each as long as the heading.
 * @returns {string} The table's lines; the first column is left-aligned, the others right-aligned.
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
