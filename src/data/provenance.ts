/**
 * Where a data set's pictures come from. The word travels with the data set and stands on every
 * figure's caption and every results row made from it, so that nobody takes a stand-in for the real thing.
 *
 * - `original`: checksums match the publisher's.
 * - `unverified`: in the publisher's layout, from a folder of the user's, but no checksum vouches for it.
 * - `synthetic`: drawn by this library from a seed.
 */
export type Provenance = "original" | "unverified" | "synthetic";
