/**
 * Answers help queries: cells that consist of a name and a question mark, such as `tf.conv2d?`.
 *
 * As in IPython, the answer is a payload of the reply
 * (https://jupyter-client.readthedocs.io/en/stable/messaging.html#payloads-deprecated), which
 * JupyterLab shows below the cell.
 */
import type { Compiler } from "../compiler/compiler";
import type { PagePayload } from "../wire/replies";
import { describeName } from "./description";

/** A help query. */
export interface NameQuestion {
  readonly name: string;
  /** As in an inspect_request: 1, for two question marks, includes the source. */
  readonly detailLevel: 0 | 1;
}

const NAME = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;

/**
 * Matches question marks before or after a name or a magic, such as `%time?`, which is never valid
 * TypeScript.
 */
const QUESTION = new RegExp(
  String.raw`^\s*(\?{0,2})\s*(%{1,2}\w+|${NAME}(?:\.${NAME})*)\s*(\?{0,2})\s*;?\s*$`,
  "u",
);

/** Parses a help query. Returns undefined for any other cell. */
export function nameQuestion(source: string): NameQuestion | undefined {
  const [, before = "", name = "", after = ""] = QUESTION.exec(source) ?? [];
  const marks = before || after;
  if (marks === "") return undefined;
  return { name, detailLevel: marks.length === 2 ? 1 : 0 };
}

/** Returns the payload with the answer, or undefined if there is no information about the name. */
export async function answerQuestion(
  compiler: Compiler,
  { name, detailLevel }: NameQuestion,
): Promise<PagePayload | undefined> {
  const data = await describeName(compiler, name, name.length, detailLevel);
  return data && { source: "page", data, start: 0 };
}
