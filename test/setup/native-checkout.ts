// A temporary checkout with a native training step of a few lines that is really compiled.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { type LoadedAddon, loadAddon } from "../../src/engine/native/addon";
import { Checkout, cannotTry } from "./checkout";

const compiler = ["/usr/bin/c++", "/usr/bin/g++", "/usr/bin/clang++"].find(
  (file) => fs.existsSync(file),
);
/** Why the step cannot run here; false if it can. */
export const cannotCompile =
  cannotTry || (compiler ? false : "there is no C++ compiler in /usr/bin");
const headers = path.resolve(__dirname, "../../node_modules/node-api-headers");

/** The vector widths that are compiled, narrow ones first. */
export const widths =
  process.arch === "x64" ? ["sse", "avx2", "avx512"] : ["neon"];

/** Paths of the step's source and output in a checkout. */
export const sources = "src/engine/native/cpp";
export const build = "src/engine/native/build";
export const file = `${build}/convnotes_native.node`;

/**
 * A function outside every width's namespace, like those of std::vector. The linker keeps one copy
 * of it.
 */
const sharedHeader = `
#pragma once
#if defined(__AVX512F__)
#define COMPILED_FOR 512
#elif defined(__AVX2__)
#define COMPILED_FOR 256
#else
#define COMPILED_FOR 128
#endif
inline __attribute__((noinline)) int shared() { volatile int width = COMPILED_FOR; return width; }
`;
const kernels = `
#include "shared.h"
namespace VECTOR_NAMESPACE { int width() { return COMPILED_FOR + 0 * shared(); } int kept() { return shared(); } }
`;
export const machine = `
namespace VECTOR_NAMESPACE { int width(); int twice() { return 2 * width(); } }
`;
const common = `const char* commonText() { return "common"; }\n`;
export const addon = `
#include <node_api.h>
#include <string>
#include <vector>
const char* commonText();
namespace sse { int twice(); int kept(); }
namespace avx2 { int twice(); int kept(); }
namespace avx512 { int twice(); int kept(); }
namespace neon { int twice(); int kept(); }
static napi_value strings(napi_env env, const std::vector<std::string>& texts) {
  napi_value array, text;
  napi_create_array(env, &array);
  for (size_t i = 0; i < texts.size(); i++) {
    napi_create_string_utf8(env, texts[i].c_str(), NAPI_AUTO_LENGTH, &text);
    napi_set_element(env, array, i, text);
  }
  return array;
}
#define ADD(WIDTH) names.push_back(#WIDTH); facts.push_back(std::to_string(WIDTH::twice()) + " " + std::to_string(WIDTH::kept()));
static std::vector<std::string> names, facts;
static napi_value widths(napi_env env, napi_callback_info) { return strings(env, names); }
static napi_value compiledFor(napi_env env, napi_callback_info) { return strings(env, facts); }
NAPI_MODULE_INIT() {
  facts.push_back(commonText());
#ifdef HAS_SSE
  ADD(sse)
#endif
#ifdef HAS_AVX2
  ADD(avx2)
#endif
#ifdef HAS_AVX512
  ADD(avx512)
#endif
#ifdef HAS_NEON
  ADD(neon)
#endif
  napi_value function;
  napi_create_function(env, "widths", NAPI_AUTO_LENGTH, widths, nullptr, &function);
  napi_set_named_property(env, exports, "widths", function);
  napi_create_function(env, "compiledFor", NAPI_AUTO_LENGTH, compiledFor, nullptr, &function);
  napi_set_named_property(env, exports, "compiledFor", function);
  return exports;
}
`;

/**
 * Forwards calls to the machine's compiler, except for the engine's addon. STUB_NATIVE selects what
 * else it does.
 */
const compilerScript = `#!/bin/sh
for output; do :; done
case "$*" in
*tfjs_backend*) echo "an addon" >"$output"; exit ;;
*-c*) echo "native $*" >>"$STUB_CALLS" ;;
esac
case "\${STUB_NATIVE:-} $*" in
"ignorant "*-mavx512f*) echo "c++: error: unrecognized command-line option '-mavx512f'"; exit 1 ;;
"hang "*-DVECTOR_NAMESPACE*) echo half >"$output"; PATH=/usr/bin:/bin sleep 300 ;;
"broken "*"machine.cc"*) echo "machine.cc:1:1: internal compiler error: it broke"; exit 1 ;;
esac
PATH=/usr/bin:/bin exec ${compiler} "$@"
`;
/** Loads real addons, and the stub of tfjs-node's addon. */
const loaderScript = `
const fs = require("node:fs");
const extensions = require("node:module").Module._extensions;
const load = extensions[".node"];
extensions[".node"] = (module, file) => {
  if (fs.statSync(file).size > 100) return load(module, file);
  module.exports = { TF_Version: "2.21.0" };
};
`;

/**
 * A temporary checkout with these sources, a real compiler for them, and the real Node-API headers.
 */
export class NativeCheckout extends Checkout {
  constructor() {
    super();
    this.write(`${sources}/shared.h`, sharedHeader);
    this.write(`${sources}/kernels.cc`, kernels);
    this.write(`${sources}/machine.cc`, machine);
    this.write(`${sources}/common-text.cc`, common);
    this.write(`${sources}/addon.cc`, addon);
    this.write("../loader.cjs", loaderScript);
    this.unlink("c++");
    for (const name of ["c++", "another"]) this.program(name, compilerScript);
    const npm = fs.realpathSync(path.join(this.parent, "bin", "npm"));
    this.unlink("npm");
    this.program(
      "npm",
      `#!/bin/sh\n${npm} "$@"\n/bin/ln -s ${headers} node_modules\n`,
    );
  }

  program(name: string, text: string): void {
    fs.writeFileSync(path.join(this.parent, "bin", name), text, {
      mode: 0o755,
    });
  }

  override start(
    script: string,
    variables: NodeJS.ProcessEnv = {},
  ): ReturnType<Checkout["start"]> {
    return super.start(script, {
      NODE_OPTIONS: `--require "${path.join(this.parent, "loader.cjs")}"`,
      ...variables,
    });
  }

  /** Returns the result of a function of the compiled addon, called in a separate process. */
  call(name: "widths" | "compiledFor"): string[] {
    const program = `console.log(JSON.stringify(require(${JSON.stringify(this.inside(file))}).${name}()))`;
    return JSON.parse(
      execFileSync(process.execPath, ["-e", program], { encoding: "utf8" }),
    );
  }

  /** Lists the folder of the compiled addon. */
  built(): string[] {
    return this.has(build) ? fs.readdirSync(this.inside(build)).sort() : [];
  }

  /** Loads the addon as the library does. */
  load(): LoadedAddon {
    return loadAddon(this.inside(build));
  }
}
