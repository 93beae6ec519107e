/**
 * `convnotes data clear`: data sets removed from the cache.
 */
import { cacheFolder } from "../cache-folder";
import { remove } from "../download/remove";
import type { DataCommand } from "./data-command";

/** Removes what the cache holds of the data sets, also what has come of an interrupted download. */
export const clear: DataCommand = async (entries, signal) => {
  for (const entry of entries) {
    const onWait = () =>
      console.error(`${entry.title}: waiting for another process`);
    const wasThere = await remove(entry, cacheFolder(), { signal, onWait });
    console.log(
      wasThere
        ? `${entry.title} is removed from ${cacheFolder()}`
        : `${entry.title} is not in the cache`,
    );
  }
  return 0;
};
