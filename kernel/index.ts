/**
 * What programs may use of the kernel's package. Importing it starts nothing.
 */
import { join } from "node:path";

/** Path of the program that Jupyter starts: `node PROGRAM CONNECTION_FILE`. */
export const kernelProgram: string = join(__dirname, "main.js");

export {
  DEFAULT_DISPLAY_NAME,
  DEFAULT_NAME,
  writeKernelspec,
} from "./command/kernelspec";
