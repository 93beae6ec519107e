/**
 * Uses JupyterLab's exposed application object to open notebooks and to end their kernels.
 */

/** The object that the page exposes to scripts with the server option `expose_app_in_browser`. */
interface ExposedApp {
  readonly commands: {
    execute(id: string, parameters: object): Promise<ExposedNotebook>;
  };
  readonly shell: { widgets(area: "main"): Iterable<ExposedNotebook> };
}

/** An open notebook. The launcher is listed as well, but has no context. */
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

/** Runs in the page: opens a notebook and waits for its kernel's reply. */
export async function openInPage(file: string): Promise<void> {
  const { jupyterapp } = globalThis as unknown as { jupyterapp: ExposedApp };
  const { commands } = jupyterapp;
  const { context } = await commands.execute("docmanager:open", { path: file });
  // Before that, JupyterLab asks which kernel to use.
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
