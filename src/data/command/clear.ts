/**
 * Implements `convnotes data clear`, which removes data sets from the cache.
 */
import { cacheFolder } from "../cache-folder";
import { remove } from "../download/remove";
import type { DataAction } from "./data-action";

/** Removes data sets from the cache, including the files of interrupted downloads. */
export const clear: DataAction = async (entries, signal) => {
  for (const entry of entries) {
    const onWait = () =>
      console.error(`${entry.title}: waiting for another process`);
    const wasThere = await remove(entry, cacheFolder(), { signal, onWait });
    console.log(
      wasThere
        ? `Removed ${entry.title} from ${cacheFolder()}`
        : `${entry.title} is not in the cache`,
    );
  }
  return 0;
};
