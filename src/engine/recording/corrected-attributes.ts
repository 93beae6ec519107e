/**
 * Corrects attributes for use in a graph.
 *
 * If an operation is executed individually, the actual type of its input takes precedence over the
 * attribute. A graph with such a mismatch is rejected.
 */
import { dataTypeOf, typeAttribute, type Attribute } from "../tfjs/attribute";
import { kindOf, type Source } from "./recording";

/** Reductions whose attribute `T` tfjs sets to the type that the tensor had before a cast. */
const reductions = new Set(["Max", "Mean", "Min", "Prod", "Sum"]);

/** Returns the attributes of an operation, corrected to the types of its inputs. */
export function correctedAttributes(
  name: string,
  attributes: readonly Attribute[],
  [first]: readonly Source[],
): readonly Attribute[] {
  if (first === undefined) return attributes;
  if (name === "ExpandDims") {
    // tfjs sets no types; an operation that is executed individually infers them.
    const dtype = kindOf(first).dtype as "float32";
    return [typeAttribute("T", dtype), typeAttribute("Tdim", "int32")];
  }
  const wrong =
    name === "Cast" ? "SrcT" : reductions.has(name) ? "T" : undefined;
  if (wrong === undefined) return attributes;
  const value = dataTypeOf(kindOf(first).dtype);
  if (value === undefined) return attributes;
  return attributes.some((each) => each.name === wrong && each.value !== value)
    ? attributes.map((each) =>
        each.name === wrong ? { ...each, value } : each,
      )
    : attributes;
}
