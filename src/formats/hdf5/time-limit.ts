/**
 * Reads HDF5 files in another thread first: in some damaged files, the library would follow a
 * circle of addresses for ever, which nothing in its own thread can end.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { coded } from "../../notebook/coded-error";

/** Time for any file, and for each byte, in milliseconds: many times what an idle machine needs. */
const shortest = 20_000;
const perByte = 1e-3;

/** Visits all groups, arrays and attributes. Errors are those of the later reading. */
const visitor = `
const { workerData: { content, file } } = require("node:worker_threads");
const vm = require("node:vm");
const load = vm.runInThisContext("(name) => import(name)", {
  filename: file,
  importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
const visit = (group, library) => {
  for (const attribute of Object.values(group.attrs)) void attribute.value;
  for (const key of group.keys()) {
    const entry = group.get(key);
    if (entry instanceof library.Group) visit(entry, library);
    else void entry?.value;
  }
};
load("h5wasm").then(async (library) => {
  (await library.ready).activate_throwing_error_handler();
  library.FS.writeFile("/file.h5", content);
  visit(new library.File("/file.h5", "r"), library);
}).catch(() => undefined);
`;

/**
 * Checks that a file can be read to its end, or to an error, within a time limit.
 *
 * `label` names the file in errors. `milliseconds` is the limit; 20 s and 1 s per megabyte by
 * default. Throws an Error (`ERR_FILE_FORMAT`) if it takes longer.
 */
export async function checkReadingEnds(
  content: Uint8Array,
  label: string,
  milliseconds = shortest + content.length * perByte,
): Promise<void> {
  const worker = new Worker(visitor, {
    eval: true,
    execArgv: [],
    stdout: true,
    stderr: true,
    workerData: { content, file: __filename },
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), milliseconds);
  });
  // The error of a worker is that of the later reading.
  const end = once(worker, "exit").catch(() => undefined);
  try {
    if ((await Promise.race([end, late])) !== "late") return;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
  throw coded(
    "ERR_FILE_FORMAT",
    new Error(
      `Expected ${label} to be an HDF5 file that can be read, received one whose reading does not end: it is damaged`,
    ),
  );
}
