/**
 * The two paper formats: sizes, margins and the rules of their pages.
 */

/** A paper format. */
export interface PaperFormat {
  /** The folder of its documents. */
  readonly name: "a4" | "letter";
  /** Its name in CSS and in texts. */
  readonly title: "A4" | "Letter";
  /** Width and height of the paper, in millimeters. */
  readonly width: number;
  readonly height: number;
}

/** The formats in the order in which they are made. */
export const paperFormats: readonly PaperFormat[] = [
  { name: "a4", title: "A4", width: 210, height: 297 },
  { name: "letter", title: "Letter", width: 215.9, height: 279.4 },
];

/** Margins of all formats, in millimeters. Running heads and page numbers are in them. */
export const margins = { top: 22, bottom: 20, side: 17 } as const;

const pixelsPerMillimeter = 96 / 25.4;

/** Points in a millimeter: PDF counts in points. */
export const pointsPerMillimeter = 72 / 25.4;

/** Width and height of the text on a page, in CSS pixels. */
export function textSize({ width, height }: PaperFormat): {
  width: number;
  height: number;
} {
  return {
    width: (width - 2 * margins.side) * pixelsPerMillimeter,
    height: (height - margins.top - margins.bottom) * pixelsPerMillimeter,
  };
}

/** A run of pages with the same running heads. */
export interface PageRun {
  /** The name of the CSS page; null for all pages of a document. */
  readonly name: string | null;
  /** The running head; null for pages without head and page number. */
  readonly head: string | null;
}

/** Returns the CSS of a document's pages. */
export function pageRules(
  format: PaperFormat,
  runs: readonly PageRun[],
): string {
  const { top, bottom, side } = margins;
  const text = `font: 8.5pt/1.2 var(--paper-font); color: #444`;
  return [
    `@page { size: ${format.width}mm ${format.height}mm; margin: ${top}mm ${side}mm ${bottom}mm; }`,
    ...runs.map(({ name, head }) =>
      head === null
        ? `@page ${name ?? ""} { @top-left { content: none } @bottom-center { content: none } }`
        : `@page ${name ?? ""} {
  @top-left { content: ${cssString(head)}; ${text}; vertical-align: bottom; padding-bottom: 5mm; }
  @bottom-center { content: counter(page); ${text}; vertical-align: top; padding-top: 5mm; }
}`,
    ),
  ].join("\n");
}

/** Returns a text as a string of CSS. */
export function cssString(text: string): string {
  const escaped = text.replace(
    /[\\"\n<>]/g,
    (character) => `\\${character.codePointAt(0)!.toString(16)} `,
  );
  return `"${escaped}"`;
}
