/**
 * Defines the provenance of a data set's images.
 */

/**
 * Where a data set's images come from.
 *
 * Every figure caption and every results row made from the data set states it, so that synthetic
 * images cannot be mistaken for real ones.
 *
 * - `original`: the checksums match the publisher's.
 * - `unverified`: in the publisher's layout, but not confirmed by a checksum.
 * - `synthetic`: drawn by this library from a seed.
 */
export type Provenance = "original" | "unverified" | "synthetic";
