/**
 * The comment at the end of compiled text that says where its map is. Maps travel beside the text here, so it would lead nowhere.
 */

/** The text without that comment. */
export function withoutMapComment(javascript: string): string {
  return javascript.replace(/(^|\n)\/\/# sourceMappingURL=.*\s*$/, "");
}
