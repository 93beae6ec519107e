/**
 * Lists the handlers of all requests that are answered immediately and leave cells and their
 * variables as they are.
 */
import type { Compiler } from "../compiler/compiler";
import type { DeclaringPackages } from "../extensions/declaring-packages";
import type { CommRegistry } from "./comm-registry";
import { editorHandlers } from "./editor-requests";
import type { Handlers } from "./handler";
import type { History } from "./history";
import { kernelInfo } from "./kernel-info";
import type { Shells } from "./shells";

/** Returns the handlers by request type. */
export function immediateHandlers({
  compiler,
  history,
  comms,
  shells,
  packages,
}: {
  readonly compiler: Compiler;
  readonly history: History;
  readonly comms: CommRegistry;
  readonly shells: Shells;
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
    create_subshell_request: () => shells.create(),
    delete_subshell_request: (content) => shells.delete(content),
    list_subshell_request: () => shells.list(),
  };
}
