/**
 * Random programs with the engine on and off, thousands of them: about an hour.
 *
 * `CONVNOTES_FUZZ_FIRST` is the first seed, 1001 by default, and `CONVNOTES_FUZZ_COUNT` how many there are, 2000 by default. One
 * seed alone, as a failure says:
 *
 *     CONVNOTES_FUZZ_FIRST=1234 CONVNOTES_FUZZ_COUNT=1 npm run test:long -- engine-fuzz
 */
import { testSeeds } from "../engine/fuzz/seeds";

const numberOf = (name: string, otherwise: number) =>
  Number(process.env[name] ?? otherwise);

testSeeds(
  numberOf("CONVNOTES_FUZZ_FIRST", 1_001),
  numberOf("CONVNOTES_FUZZ_COUNT", 2_000),
);
