/**
 * Answers kernel_info requests.
 */
import type { Compiler } from "../compiler/compiler";
import type { HelpLink } from "../extensions/declaration";
import { PROTOCOL_VERSION } from "../wire/message";
import type { ReplyContent } from "../wire/replies";
import { version } from "../package.json";

/**
 * Returns the content of a kernel_info_reply.
 *
 * @param helpLinks The links that packages declare.
 */
export function kernelInfo(
  compiler: Compiler,
  helpLinks: readonly HelpLink[],
): ReplyContent<"kernel_info_request"> {
  const typescript = compiler.version;
  return {
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: "convnotes",
    implementation_version: version,
    language_info: {
      name: "typescript",
      version: typescript,
      mimetype: "application/x-typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: "typescript",
      nbconvert_exporter: "script",
    },
    banner: `TypeScript ${typescript} on Node ${process.version} (convnotes ${version})`,
    debugger: true,
    supported_features: ["debugger", "kernel subshells"],
    help_links: [
      { text: "TypeScript", url: "https://www.typescriptlang.org/docs/" },
      { text: "Node.js", url: "https://nodejs.org/api/" },
      ...helpLinks,
    ],
  };
}
