/**
 * Lists the handlers of all requests that are answered immediately and change nothing.
 */
import type { Compiler } from "../compiler/compiler";
import type { DeclaringPackages } from "../extensions/declaring-packages";
import type { CommRegistry } from "./comm-registry";
import { editorHandlers } from "./editor-requests";
import type { Handlers } from "./handler";
import type { History } from "./history";
import { kernelInfo } from "./kernel-info";

/** Returns the handlers by request type. */
export function immediateHandlers({
  compiler,
  history,
  comms,
  packages,
}: {
  readonly compiler: Compiler;
  readonly history: History;
  readonly comms: CommRegistry;
  readonly packages: DeclaringPackages;
}): Handlers {
  return {
    ...editorHandlers(compiler),
    kernel_info_request: () => kernelInfo(compiler, packages.helpLinks),
    history_request: (content) => ({
      status: "ok",
      history: history.find(content),
    }),
    comm_info_request: (content) => comms.info(content),
  };
}
