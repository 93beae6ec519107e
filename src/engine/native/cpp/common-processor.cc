// Finds out what the processor supports.
#include "common-processor.h"

#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>

namespace convnotes {
namespace {

struct Features {
  unsigned one = 0, seven = 0, kept = 0;
};

/**
 * Returns bits of CPUID leaf 1 (ecx) and leaf 7 (ebx), and of the registers that the system saves
 * (XCR0).
 */
Features features() {
  Features found;
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE)) return found;
  found.one = c;
  unsigned high;
  __asm__("xgetbv" : "=a"(found.kept), "=d"(high) : "c"(0));
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) found.seven = b;
  return found;
}

bool has(unsigned bits, unsigned wanted) { return (bits & wanted) == wanted; }

}  // namespace

bool hasAvx2() {
  const Features found = features();
  return has(found.one, bit_AVX | bit_FMA) && has(found.seven, bit_AVX2) && has(found.kept, 0x6);
}

bool hasAvx512() {
  const Features found = features();
  return hasAvx2() && has(found.seven, bit_AVX512F | bit_AVX512BW | bit_AVX512VL | bit_AVX512DQ) && has(found.kept, 0xe6);
}

}  // namespace convnotes
#else
namespace convnotes {
bool hasAvx2() { return false; }
bool hasAvx512() { return false; }
}  // namespace convnotes
#endif

namespace convnotes {

long level2Cache() {
#ifdef _SC_LEVEL2_CACHE_SIZE
  const long bytes = sysconf(_SC_LEVEL2_CACHE_SIZE);
  if (bytes > 0) return bytes;
#endif
  return 2L << 20;
}

}  // namespace convnotes
