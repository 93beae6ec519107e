import eslint from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** Files in which every error has a code. */
const filesWithCodes = ["src", "kernel", "scripts", "bench"].map(
  (folder) => `${folder}/**/*.{ts,mjs}`,
);

const errorWithoutCode =
  'Expected an error with a code: coded("ERR_…", new RangeError("Expected RULE, received VALUE")).';

export default defineConfig(
  globalIgnores([
    "**/node_modules/",
    ".venv/",
    ".venv-bench/",
    ".venv-hub/",
    "out/",
    "kernel/dist/",
    "src/notebook/dist/",
    "src/declarations/",
    "src/engine/native/build/",
    "notebooks/images/",
    "**/.ipynb_checkpoints/",
  ]),
  eslint.configs.recommended,
  tseslint.configs.recommended,
  {
    // Prettier wraps code, but not comments.
    rules: {
      "max-len": [
        "error",
        {
          code: 10_000,
          comments: 100,
          ignoreUrls: true,
          ignorePattern: String.raw`^\s*/[/*] eslint-`,
        },
      ],
    },
  },
  {
    // Rules that need the types of the whole project.
    files: ["**/*.ts"],
    languageOptions: {
      parserOptions: {
        project: "tsconfig.json",
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/no-floating-promises": [
        "error",
        {
          // node:test waits for them itself.
          allowForKnownSafeCalls: [
            {
              from: "package",
              package: "node:test",
              name: ["test", "it", "describe", "suite"],
            },
          ],
        },
      ],
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-unnecessary-type-assertion": "error",
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/prefer-promise-reject-errors": "error",
      "@typescript-eslint/restrict-plus-operands": "error",
      // A frame of a stack trace has a text of its own, which its type does not say.
      "@typescript-eslint/no-base-to-string": [
        "error",
        {
          ignoredTypeNames: [
            "Error",
            "RegExp",
            "URL",
            "URLSearchParams",
            "CallSite",
          ],
        },
      ],
      // A module that is loaded late is named by import() where its type is needed.
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { disallowTypeAnnotations: false },
      ],
    },
  },
  {
    files: filesWithCodes,
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "NewExpression[callee.name=/^(Range|Reference|Syntax|Type)?Error$/]:not(CallExpression[callee.name='coded'] > NewExpression)",
          message: errorWithoutCode,
        },
        {
          selector:
            "ClassDeclaration[superClass.name=/^(Range|Reference|Syntax|Type)?Error$/]:not(:has(PropertyDefinition[key.name='code'], MethodDefinition[kind='get'][key.name='code'], TSParameterProperty[parameter.name='code'], AssignmentExpression[left.property.name='code']))",
          message: "Expected a class of errors to have a property `code`.",
        },
      ],
    },
  },
  {
    files: ["**/*.mjs"],
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        setTimeout: "readonly",
        clearTimeout: "readonly",
        setInterval: "readonly",
        clearInterval: "readonly",
        performance: "readonly",
        URL: "readonly",
        Buffer: "readonly",
      },
    },
  },
  {
    // These modules run in JupyterLab's page, where nothing can be imported but each other.
    files: ["kernel/lab-extension/page/*.mjs"],
    languageOptions: { globals: { document: "readonly" } },
    rules: { "no-restricted-syntax": "off" },
  },
);
