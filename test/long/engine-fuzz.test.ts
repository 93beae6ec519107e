/**
 * Runs thousands of random programs with the engine on and off. Takes about an hour.
 *
 * `CONVNOTES_FUZZ_FIRST` is the first seed (default 1001) and `CONVNOTES_FUZZ_COUNT` the number of
 * seeds (default 2000). To run a single seed, as printed on failure:
 *
 *     CONVNOTES_FUZZ_FIRST=1234 CONVNOTES_FUZZ_COUNT=1 npm run test:long -- engine-fuzz
 */
import { testSeeds } from "../engine/fuzz/seeds";

const numberOf = (name: string, fallback: number) =>
  Number(process.env[name] ?? fallback);

testSeeds(
  numberOf("CONVNOTES_FUZZ_FIRST", 1_001),
  numberOf("CONVNOTES_FUZZ_COUNT", 2_000),
);
