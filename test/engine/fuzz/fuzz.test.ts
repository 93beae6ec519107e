/**
 * Random programs, 60 of them, with the engine on and off. A minute; thousands are in test/long/engine-fuzz.test.ts.
 */
import { testSeeds } from "./seeds";

testSeeds(1, 60);
