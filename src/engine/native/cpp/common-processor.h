// What the processor can do, asked by its own instruction: what __builtin_cpu_supports needs when linking, Zig's compiler does not have.
#pragma once

namespace convnotes {

/** AVX2 and FMA, and the system keeps their registers. */
bool hasAvx2();
/** AVX-512 F, BW, VL and DQ, and the system keeps their registers. */
bool hasAvx512();

}  // namespace convnotes
