import eslint from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores([
    "**/node_modules/",
    ".venv/",
    ".venv-bench/",
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
);
