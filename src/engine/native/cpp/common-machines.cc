// Lists the kernels for each vector width, and finds those that the processor supports.
#include "common-machines.h"

#include "common-processor.h"

#ifdef HAS_AVX512
namespace avx512 { extern const convnotes::Machine machine; }
#endif
#ifdef HAS_AVX2
namespace avx2 { extern const convnotes::Machine machine; }
#endif
#ifdef HAS_SSE
namespace sse { extern const convnotes::Machine machine; }
#endif
#ifdef HAS_NEON
namespace neon { extern const convnotes::Machine machine; }
#endif

namespace convnotes {

std::vector<const Machine*> machines() {
  std::vector<const Machine*> found;
#ifdef HAS_AVX512
  if (hasAvx512()) found.push_back(&avx512::machine);
#endif
#ifdef HAS_AVX2
  if (hasAvx2()) found.push_back(&avx2::machine);
#endif
#ifdef HAS_SSE
  found.push_back(&sse::machine);
#endif
#ifdef HAS_NEON
  found.push_back(&neon::machine);
#endif
  return found;
}

}  // namespace convnotes
