/**
 * Runs 60 random programs with the engine on and off. About 60 s; thousands are in
 * test/long/engine-fuzz.test.ts.
 */
import { testSeeds } from "./seeds";

testSeeds(1, 60);
