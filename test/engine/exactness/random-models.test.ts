/**
 * Compares 12 random small models with Keras, as models.test.ts does with the course's models. All
 * training steps are native.
 *
 * Takes about 30 s. Observed, the worst gradient's error over Keras's: 0.55 in the median, 1.3 at
 * most. 200 models are in test/long/random-models.test.ts.
 */
import { testRandomModels } from "./random-models";

testRandomModels(1, 12);
