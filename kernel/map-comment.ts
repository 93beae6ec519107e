/**
 * Removes source map comments from compiled code. The kernel passes maps separately, so the URLs in
 * these comments do not exist.
 */

/** Returns the code without its `sourceMappingURL` comment. */
export function withoutMapComment(javascript: string): string {
  return javascript.replace(/(^|\n)\/\/# sourceMappingURL=.*\s*$/, "");
}
