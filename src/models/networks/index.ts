/**
 * Well-known networks, built from their papers.
 */
export { alexNet } from "./alex-net";
export { googLeNet, smallInception } from "./goog-le-net";
export { leNet5 } from "./le-net";
export type { KernelInitializer, NetworkOptions } from "./network-options";
export { resNet34, resNet50, smallResNet, type ResNetOptions } from "./res-net";
