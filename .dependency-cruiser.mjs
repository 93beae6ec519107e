/**
 * Which folder may import which. `npm run lint` checks it.
 *
 * @type {import("dependency-cruiser").IConfiguration}
 */
export default {
  forbidden: [
    {
      name: "no-cycles",
      comment: "Modules that import each other cannot be read one by one.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "kernel-knows-no-library",
      comment: "The kernel is useful without the library.",
      severity: "error",
      from: { path: "^kernel" },
      to: { path: "^src/(?!notebook/)" },
    },
    {
      name: "library-knows-no-kernel",
      severity: "error",
      from: { path: "^src" },
      to: { path: "^kernel" },
    },
    {
      name: "engine-stands-alone",
      comment: "The engine is useful without the rest of the library.",
      severity: "error",
      from: { path: "^src/engine" },
      to: { path: "^src/(?!engine|notebook/|package.json)" },
    },
    {
      name: "recording-before-graph",
      comment: "A recording is data; graphs are written from it.",
      severity: "error",
      from: { path: "^src/engine/(recording|shape-inference)" },
      to: { path: "^src/engine/(graph|native|functions|models)/" },
    },
    {
      name: "tensorflow-behind-one-folder",
      comment:
        "All that the engine asks of TensorFlow.js, public or internal, is in one folder.",
      severity: "error",
      from: { path: "^src/engine/(?!tfjs/)" },
      to: { path: "(^|/)@tensorflow/" },
    },
    {
      name: "tensorflow-folder-knows-no-engine",
      severity: "error",
      from: { path: "^src/engine/tfjs/" },
      to: { path: "^src/engine/(?!tfjs/|node-compatibility)" },
    },
    {
      name: "runtime-below-all",
      comment:
        "The runtime names types only, so every module can use it; errors need a code.",
      severity: "error",
      from: { path: "^src/engine/engine-runtime" },
      to: {
        path: "^src/(?!notebook/coded-error)",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "data-before-training",
      severity: "error",
      from: { path: "^src/data" },
      to: { path: "^src/(training|models|plots)" },
    },
    {
      name: "notebook-stands-alone",
      comment: "What a notebook shows knows nothing of data and models.",
      severity: "error",
      from: { path: "^src/notebook" },
      to: { path: "^src/(?!notebook)" },
    },
    {
      name: "front-knows-no-command",
      severity: "error",
      from: { path: "^kernel/front" },
      to: { path: "^kernel/command" },
    },
    {
      name: "compiler-and-runtime-apart",
      comment: "They are separate processes; what both need is above them.",
      severity: "error",
      from: { path: "^kernel/compiler" },
      to: { path: "^kernel/(runtime|front|wire|command)" },
    },
    {
      name: "no-tests-in-code",
      severity: "error",
      from: { path: "^(src|kernel|scripts|bench)" },
      to: { path: "^test" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    // Imports of TensorFlow.js stay, for the rule about them.
    exclude: {
      path: [
        "(^|/)node_modules/(?!@tensorflow/)",
        "^kernel/dist/",
        "(^|/)(declarations|out)/",
      ],
    },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
