/**
 * The engine room's door for guests: compiled training for tfjs-node, without the rest of the course.
 *
 *     import { tf } from "convnotes/engine";
 *
 * is all it takes: models made with tfjs-node from then on, and those made before, train faster under the same calls.
 */
export { accelerate, isEngineOn, setEngine } from "./switch";
export { tf } from "./tensorflow";
