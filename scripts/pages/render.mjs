/**
 * Renders formulas with KaTeX, and TypeScript with the parser of JupyterLab's editor, as HTML.
 *
 * Reads `{ formulas: [{ tex, display }], codes: [text] }` from standard input and writes
 * `{ formulas: [html or null], codes: [html] }`. A formula that KaTeX cannot parse is null.
 */
import { text } from "node:stream/consumers";
import { classHighlighter, highlightCode } from "@lezer/highlight";
import { parser } from "@lezer/javascript";
import katex from "katex";

const typescript = parser.configure({ dialect: "ts" });

/** The kinds of tokens that the page's style sheet colors. */
const colored = new Set(
  [
    ...["comment", "keyword", "bool", "atom", "typeName", "className"],
    ...["namespace", "number", "string", "string2", "propertyName"],
  ].map((kind) => `tok-${kind}`),
);

/** @type {{ formulas: { tex: string, display: boolean }[], codes: string[] }} */
const { formulas, codes } = JSON.parse(await text(process.stdin));
process.stdout.write(
  JSON.stringify({
    formulas: formulas.map(formulaHtml),
    codes: codes.map(codeHtml),
  }),
);

/**
 * @param {{ tex: string, display: boolean }} formula
 * @returns {string | null}
 */
function formulaHtml({ tex, display }) {
  try {
    return katex.renderToString(tex, {
      displayMode: display,
      throwOnError: true,
      strict: false,
    });
  } catch {
    return null;
  }
}

/**
 * @param {string} code
 * @returns {string} HTML with a class for each kind of token, such as `tok-number`.
 */
function codeHtml(code) {
  let html = "";
  highlightCode(
    code,
    typescript.parse(code),
    classHighlighter,
    (token, classes) => {
      const kind = classes.split(" ").find((each) => colored.has(each));
      html +=
        kind === undefined
          ? escaped(token)
          : `<span class="${kind}">${escaped(token)}</span>`;
    },
    () => {
      html += "\n";
    },
  );
  return html;
}

/** @param {string} token */
function escaped(token) {
  return token
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;");
}
