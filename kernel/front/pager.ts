/**
 * The front process's pager: a cell that is a name and a question mark, as `tf.conv2d?`, asks what is known of the name.
 *
 * IPython has it so, and its answer is a payload of the reply
 * (https://jupyter-client.readthedocs.io/en/stable/messaging.html#payloads-deprecated), which JupyterLab shows below the cell.
 */
import type { Compiler } from "../compiler/compiler";
import type { JsonObject } from "../wire/message";
import { describeName } from "./description";

/** What a cell asks. */
export interface NameQuestion {
  readonly name: string;
  /** As in an inspect_request: 1, by two question marks, asks for the source as well. */
  readonly detailLevel: 0 | 1;
}

const NAME = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;

/** Question marks before or behind a name, which no TypeScript is. */
const QUESTION = new RegExp(
  String.raw`^\s*(\?{0,2})\s*(${NAME}(?:\.${NAME})*)\s*(\?{0,2})\s*;?\s*$`,
  "u",
);

/** The name that a cell asks about; undefined if it is a cell like any other. */
export function nameQuestion(source: string): NameQuestion | undefined {
  const [, before = "", name = "", behind = ""] = QUESTION.exec(source) ?? [];
  const marks = before || behind;
  if (marks === "") return undefined;
  return { name, detailLevel: marks.length === 2 ? 1 : 0 };
}

/** The payload that answers; undefined if nothing is known of the name. */
export async function answerQuestion(
  compiler: Compiler,
  { name, detailLevel }: NameQuestion,
): Promise<JsonObject | undefined> {
  const data = await describeName(compiler, name, name.length, detailLevel);
  return data && { source: "page", data, start: 0 };
}
