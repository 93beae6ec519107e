/**
 * Loads h5wasm, the HDF5 library compiled to WebAssembly.
 */
import type * as Hdf5 from "h5wasm";
import { nativeImport } from "../../notebook/native-import";

/** The parts of h5wasm that this folder uses. */
export type Hdf5Library = Pick<typeof Hdf5, "File" | "Group" | "Dataset"> & {
  /** A file system in memory: the library sees no file of the disk. */
  readonly files: {
    readFile(name: string): Uint8Array;
    writeFile(name: string, content: Uint8Array): void;
    unlink(name: string): void;
  };
};

let loaded: Promise<Hdf5Library> | undefined;

/** Returns the library. The first call takes about 0.2 s, because it compiles WebAssembly. */
export function hdf5Library(): Promise<Hdf5Library> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Hdf5Library> {
  // An ES module without a CommonJS form.
  const library = (await nativeImport(__filename)("h5wasm")) as typeof Hdf5;
  const module = await library.ready;
  // By default the library prints the errors of HDF5 and goes on.
  module.activate_throwing_error_handler();
  const { File, Group, Dataset, FS } = library;
  return { File, Group, Dataset, files: FS as Hdf5Library["files"] };
}
