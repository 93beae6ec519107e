// Memory of shared libraries that the process has loaded.
#pragma once

namespace convnotes {

/**
 * Unmaps the pages of code and constants of every library whose path contains `name`. Nothing is
 * lost: a page that is used again is mapped again, from the system's cache of files.
 */
void releaseLibraries(const char* name);

}  // namespace convnotes
