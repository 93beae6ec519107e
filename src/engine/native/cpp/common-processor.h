// Detects vector instructions with CPUID. __builtin_cpu_supports needs link-time support that Zig's
// compiler lacks.
#pragma once

namespace convnotes {

/** Whether the processor has AVX2 and FMA, and the system saves their registers. */
bool hasAvx2();
/** Whether the processor has AVX-512 F, BW, VL and DQ, and the system saves their registers. */
bool hasAvx512();

}  // namespace convnotes
