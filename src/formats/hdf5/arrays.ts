/**
 * Reading and writing of HDF5 files that consist of groups of arrays of numbers.
 */
import { coded } from "../../notebook/coded-error";
import { hdf5Library, type Hdf5Library } from "./library";

/** An array of a file. `integers` says that it is stored as 64-bit integers, not as float32. */
export interface Hdf5Array {
  readonly data: Float32Array | Float64Array;
  readonly shape: readonly number[];
  readonly integers?: boolean;
}

/** A group with its arrays by name. `name` is its attribute of this name, if it has one. */
export interface Hdf5Group {
  readonly name?: string;
  readonly arrays: ReadonlyMap<string, Hdf5Array>;
}

/** The content of a file: groups by path, such as `layers/dense/vars`, and the root's names. */
export interface Hdf5Content {
  readonly groups: ReadonlyMap<string, Hdf5Group>;
  readonly attributes: readonly string[];
}

let files = 0;

/** Returns an unused name in the library's file system. */
function newName(): string {
  files += 1;
  return `/${files}.h5`;
}

/** Returns the bytes of an HDF5 file with the given groups by path. Parent groups are added. */
export async function writeHdf5(
  groups: ReadonlyMap<string, Hdf5Group>,
): Promise<Uint8Array> {
  const library = await hdf5Library();
  const name = newName();
  const file = new library.File(name, "w");
  try {
    for (const [path, { name: label, arrays }] of groups) {
      const group = groupAt(library, file, path);
      if (label !== undefined) group.create_attribute("name", label);
      for (const [key, { data, shape, integers }] of arrays) {
        group.create_dataset({
          name: key,
          data:
            integers === true
              ? BigInt64Array.from(data, (value) => BigInt(value))
              : Float32Array.from(data),
          shape: [...shape],
          dtype: integers === true ? "<q" : "<f",
        });
      }
    }
    file.close();
    return library.files.readFile(name).slice();
  } finally {
    library.files.unlink(name);
  }
}

type Group = InstanceType<Hdf5Library["Group"]>;

/** Returns the group at a path, which it creates with its parents if missing. */
function groupAt(library: Hdf5Library, root: Group, path: string): Group {
  let group = root;
  for (const part of path.split("/")) {
    const present = group.keys().includes(part) ? group.get(part) : null;
    group =
      present instanceof library.Group ? present : group.create_group(part);
  }
  return group;
}

/**
 * Reads an HDF5 file.
 *
 * `label` names the file in errors. Throws an Error (`ERR_FILE_FORMAT`) if the content is no HDF5
 * file or an incomplete one, or has an array of another type than float or integer, and an Error
 * (`ERR_UNSUPPORTED`) if it has links, which may lead out of the file.
 */
export async function readHdf5(
  content: Uint8Array,
  label: string,
): Promise<Hdf5Content> {
  const library = await hdf5Library();
  const name = newName();
  library.files.writeFile(name, content);
  try {
    const file = new library.File(name, "r");
    try {
      const groups = new Map<string, Hdf5Group>();
      readGroup(library, file, "", groups);
      return { groups, attributes: Object.keys(file.attrs) };
    } finally {
      file.close();
    }
  } catch (error) {
    if (error instanceof Error && "code" in error) throw error;
    const [line = ""] = String(
      error instanceof Error ? error.message : error,
    ).split("\n");
    throw coded(
      "ERR_FILE_FORMAT",
      new Error(
        `Expected ${label} to be a complete HDF5 file, received ${content.length} bytes that HDF5 cannot read: ${line}`,
        { cause: error },
      ),
    );
  } finally {
    library.files.unlink(name);
  }
}

function readGroup(
  library: Hdf5Library,
  group: Group,
  path: string,
  groups: Map<string, Hdf5Group>,
): void {
  const arrays = new Map<string, Hdf5Array>();
  for (const key of group.keys()) {
    const place = path === "" ? key : `${path}/${key}`;
    const entry = group.get(key);
    if (entry instanceof library.Group) {
      readGroup(library, entry, place, groups);
    } else if (entry instanceof library.Dataset) {
      arrays.set(key, readArray(entry, place));
    } else {
      throw coded(
        "ERR_UNSUPPORTED",
        new Error(
          `Expected groups and arrays in an HDF5 file, received a link at ${place}`,
        ),
      );
    }
  }
  const name: unknown = group.attrs["name"]?.value;
  groups.set(path, {
    ...(typeof name === "string" ? { name } : {}),
    arrays,
  });
}

function readArray(
  dataset: InstanceType<Hdf5Library["Dataset"]>,
  place: string,
): Hdf5Array {
  const { shape } = dataset;
  const value: unknown = shape === null ? null : dataset.value;
  const data = numbersOf(value);
  // The attribute marks an array of bfloat16, which is stored as bytes.
  if (data === undefined || dataset.attrs["dtype"] !== undefined) {
    throw coded(
      "ERR_FILE_FORMAT",
      new Error(
        `Expected an array of floats or integers at ${place}, received one of type ${JSON.stringify(dataset.dtype)}`,
      ),
    );
  }
  return { data, shape: shape! };
}

/** Returns floats as float32 and integers as float64, or undefined if `value` is something else. */
function numbersOf(value: unknown): Hdf5Array["data"] | undefined {
  if (typeof value === "number") return Float32Array.of(value);
  if (typeof value === "bigint") return Float64Array.of(Number(value));
  if (value instanceof BigInt64Array || value instanceof BigUint64Array) {
    return Float64Array.from(value as Iterable<bigint>, Number);
  }
  if (value instanceof Float64Array) return Float32Array.from(value);
  if (value instanceof Float32Array) return value;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Float64Array.from(value as Int32Array);
  }
  return undefined;
}
