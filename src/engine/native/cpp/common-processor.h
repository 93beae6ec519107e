// Detects vector instructions with CPUID, and the size of a cache. __builtin_cpu_supports needs
// link-time support that Zig's compiler lacks.
#pragma once

namespace convnotes {

/** Whether the processor has AVX2 and FMA, and the system saves their registers. */
bool hasAvx2();
/** Bytes of a core's level 2 cache; 2 MiB if the system does not know them. */
long level2Cache();
/** Whether the processor has AVX-512 F, BW, VL and DQ, and the system saves their registers. */
bool hasAvx512();

}  // namespace convnotes
