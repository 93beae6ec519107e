// Offers JupyterLab the plugin of variables and figures, as a prebuilt extension
// (https://jupyterlab.readthedocs.io/en/stable/extension/extension_dev.html#prebuilt-extensions).
//
// JupyterLab loads this file as a script and asks it for a module by name, as it asks a container
// of module federation. The other modules are loaded when JupyterLab asks.

{
  const name = "@convnotes/lab-variables";
  /** @type {import("./shared.mjs").ShareScope} */
  let scope = {};
  const containers = /** @type {Record<string, unknown>} */ (
    /** @type {any} */ (globalThis)._JUPYTERLAB ??= {}
  );
  containers[name] = {
    /** @param {import("./shared.mjs").ShareScope} given JupyterLab's own modules. */
    init(given) {
      scope = given;
    },
    /** @returns {Promise<() => unknown>} A function that returns the extension's module. */
    async get() {
      const { createPlugin } = await import("./plugin.mjs");
      const plugin = await createPlugin(`${name}:panel`, scope);
      return () => ({ __esModule: true, default: plugin });
    },
  };
}
