// Unmaps the pages of loaded libraries, which stay in the cache of files of the system.
#include "common-libraries.h"

#ifdef __linux__
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>

namespace convnotes {
namespace {

/** Whether the loader has changed pages that are not writable. They would be lost. */
bool hasChangedCode(const dl_phdr_info& library) {
  for (int i = 0; i < library.dlpi_phnum; i++) {
    const auto& header = library.dlpi_phdr[i];
    if (header.p_type != PT_DYNAMIC) continue;
    for (auto* entry = reinterpret_cast<const ElfW(Dyn)*>(library.dlpi_addr + header.p_vaddr); entry->d_tag != DT_NULL; entry++)
      if (entry->d_tag == DT_TEXTREL || (entry->d_tag == DT_FLAGS && (entry->d_un.d_val & DF_TEXTREL))) return true;
  }
  return false;
}

int releaseIfNamed(dl_phdr_info* library, size_t, void* name) {
  if (library->dlpi_name == nullptr || std::strstr(library->dlpi_name, static_cast<const char*>(name)) == nullptr) return 0;
  if (hasChangedCode(*library)) return 0;
  const uintptr_t page = sysconf(_SC_PAGESIZE);
  for (int i = 0; i < library->dlpi_phnum; i++) {
    // Pages that the loader makes read-only after changing them are part of a writable segment.
    const auto& header = library->dlpi_phdr[i];
    if (header.p_type != PT_LOAD || (header.p_flags & PF_W) != 0) continue;
    const uintptr_t start = library->dlpi_addr + header.p_vaddr;
    const uintptr_t from = (start + page - 1) / page * page, to = (start + header.p_filesz) / page * page;
    if (from < to) madvise(reinterpret_cast<void*>(from), to - from, MADV_DONTNEED);
  }
  return 0;
}

}  // namespace

void releaseLibraries(const char* name) { dl_iterate_phdr(releaseIfNamed, const_cast<char*>(name)); }

}  // namespace convnotes
#else
namespace convnotes {
void releaseLibraries(const char*) {}
}  // namespace convnotes
#endif
