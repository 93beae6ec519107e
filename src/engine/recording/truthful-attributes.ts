/**
 * Attributes that a graph accepts, where tfjs-node's are wrong.
 *
 * Executed one by one, an operation lets the true type of its input win over the attribute; loaded as a graph, it is refused.
 */
import { dataTypeOf, typeAttribute, type Attribute } from "../tfjs/attribute";
import { kindOf, type Source } from "./recording";

/** Reductions whose attribute `T` tfjs sets to the type that its tensor had before a cast. */
const reductions = new Set(["Max", "Mean", "Min", "Prod", "Sum"]);

/** The attributes of an operation with the types of its inputs. */
export function truthfulAttributes(
  name: string,
  attributes: readonly Attribute[],
  [first]: readonly Source[],
): readonly Attribute[] {
  if (first === undefined) return attributes;
  if (name === "ExpandDims") {
    // tfjs gives none, and an operation that is executed by itself finds them out.
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
