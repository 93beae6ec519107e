/**
 * Errors of the disk while the logs of a run are written.
 */
import { coded } from "../notebook/coded-error";

/**
 * Runs a function that writes to a file or folder.
 *
 * @param place The file or folder, for the message.
 * @throws Error `ERR_DISK` if the file system refuses; other errors stay as they are.
 */
export function onDisk<Result>(place: string, write: () => Result): Result {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    const { message } = error;
    throw coded(
      "ERR_DISK",
      new Error(
        `Expected to write the logs of a run to ${place}, received ${message}`,
        { cause: error },
      ),
    );
  }
}
