// Describes the parts of JupyterLab that the panel uses, and loads them.

/**
 * JupyterLab's modules, by name and version.
 *
 * @typedef {Record<string, Record<string, { get(): Promise<() => any> }>>} ShareScope
 */

/**
 * @template Sender, Value
 * @typedef {{
 *   connect(slot: (sender: Sender, value: Value) => void): boolean;
 *   disconnect(slot: (sender: Sender, value: Value) => void): boolean;
 * }} Signal
 */

/**
 * @typedef {{
 *   header: { msg_type: string };
 *   parent_header: { msg_type?: string };
 *   content: Record<string, any>;
 * }} KernelMessage
 */

/**
 * @typedef {{
 *   info: Promise<{ implementation?: string }>;
 *   requestDebug(content: object): { done: Promise<KernelMessage> };
 * }} KernelConnection
 */

/**
 * @typedef {{
 *   session: { kernel: KernelConnection | null } | null;
 *   iopubMessage: Signal<unknown, KernelMessage>;
 *   kernelChanged: Signal<unknown, unknown>;
 *   statusChanged: Signal<unknown, string>;
 * }} SessionContext
 */

/**
 * @typedef {{ sessionContext: SessionContext; title: { label: string } }} NotebookPanel
 * @typedef {{
 *   currentWidget: NotebookPanel | null;
 *   currentChanged: Signal<unknown, NotebookPanel | null>;
 * }} NotebookTracker
 */

/**
 * @typedef {{ metadata: Record<string, any> }} MimeModel
 * @typedef {{ node: HTMLElement; renderModel(model: MimeModel): Promise<void> }} Renderer
 * @typedef {{
 *   safe: boolean;
 *   mimeTypes: readonly string[];
 *   createRenderer(options: object): Renderer;
 * }} RendererFactory
 * @typedef {{
 *   preferredMimeType(data: object): string | undefined;
 *   createModel(options: object): MimeModel;
 *   createRenderer(type: string): Renderer;
 *   getFactory(type: string): RendererFactory | undefined;
 *   addFactory(factory: RendererFactory, rank: number): void;
 * }} RenderMime
 */

/**
 * Loads a module of JupyterLab.
 *
 * @param {ShareScope} scope
 * @param {string} name
 * @returns {Promise<any>}
 */
export async function sharedModule(scope, name) {
  const versions = Object.values(scope[name] ?? {});
  const [version] = versions;
  if (version === undefined) {
    throw new Error(`Expected JupyterLab to share ${name}, found nothing.`);
  }
  return (await version.get())();
}
