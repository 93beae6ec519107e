/**
 * The compiler's room: TypeScript's "quick info" (what an editor shows on hover) as text and Markdown.
 */

interface DisplayPart {
  readonly text: string;
}

interface Tag {
  readonly name: string;
  readonly text?: readonly DisplayPart[];
}

/** The part of `ts.QuickInfo` that is read here; every TypeScript version has it. */
export interface QuickInfo {
  readonly displayParts?: readonly DisplayPart[];
  readonly documentation?: readonly DisplayPart[];
  readonly tags?: readonly Tag[];
}

const join = (parts: readonly DisplayPart[] = []): string =>
  parts.map((part) => part.text).join("");

/** The signature, such as "(alias) function scale(images: NdArray): tf.Tensor4D". */
export function signature(info: QuickInfo): string {
  return join(info.displayParts);
}

/** The doc comment in Markdown: its text, then a list of its tags. */
export function documentation(info: QuickInfo): string {
  const tags = (info.tags ?? []).map((tag) =>
    `- *@${tag.name}* ${join(tag.text)}`.trimEnd(),
  );
  return [join(info.documentation), tags.join("\n")]
    .filter((text) => text !== "")
    .join("\n\n");
}
