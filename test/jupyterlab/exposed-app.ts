/**
 * JupyterLab's application object, reached from the tests to open notebooks and to end their kernels.
 */

/** What the page offers to scripts when the server was told to expose it; used for nothing else. */
interface ExposedApp {
  readonly commands: {
    execute(id: string, parameters: object): Promise<ExposedNotebook>;
  };
  readonly shell: { widgets(area: "main"): Iterable<ExposedNotebook> };
}

/** A notebook there; the launcher, which is listed beside them, has no context. */
interface ExposedNotebook {
  readonly context?: {
    readonly path: string;
    readonly sessionContext: {
      readonly ready: Promise<void>;
      readonly session: {
        readonly kernel: { readonly info: Promise<unknown> };
      };
      shutdown(): Promise<void>;
    };
  };
}

/** Runs in the page: opens a notebook and waits until its kernel has answered. */
export async function openInPage(file: string): Promise<void> {
  const { jupyterapp } = globalThis as unknown as { jupyterapp: ExposedApp };
  const { commands } = jupyterapp;
  const { context } = await commands.execute("docmanager:open", { path: file });
  // A reader who is quicker than this is asked which kernel to take.
  await context?.sessionContext.ready;
  await context?.sessionContext.session.kernel.info;
}

/** Runs in the page: ends a notebook's kernel. */
export async function shutDownInPage(file: string): Promise<void> {
  const { jupyterapp } = globalThis as unknown as { jupyterapp: ExposedApp };
  const notebook = [...jupyterapp.shell.widgets("main")].find(
    ({ context }) => context?.path === file,
  );
  await notebook?.context?.sessionContext.shutdown();
}
