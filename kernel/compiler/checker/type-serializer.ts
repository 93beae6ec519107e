/**
 * Converts types to run-time values for decorator metadata: `string` becomes `String`, a class
 * becomes itself.
 *
 * The rules are those of TypeScript's own emitter (`typeSerializer.ts`), which does not know the
 * slots of a cell's names.
 */
import ts from "typescript";
import { type FileChecker, TypeKind } from "./internal-typescript";
import type { NameWriter } from "./name-writer";

const VOID = "void 0";
const OBJECT = "Object";

const KIND_VALUES: ReadonlyMap<TypeKind, string> = new Map([
  [TypeKind.Unknown, OBJECT],
  [TypeKind.VoidNullableOrNever, VOID],
  [TypeKind.NumberLike, "Number"],
  [TypeKind.BigIntLike, "BigInt"],
  [TypeKind.StringLike, "String"],
  [TypeKind.Boolean, "Boolean"],
  [TypeKind.ArrayLike, "Array"],
  [TypeKind.Symbol, "Symbol"],
  [TypeKind.Promise, "Promise"],
  [TypeKind.WithCallSignature, "Function"],
  [TypeKind.Object, OBJECT],
]);

const KEYWORD_VALUES: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.VoidKeyword, VOID],
  [ts.SyntaxKind.UndefinedKeyword, VOID],
  [ts.SyntaxKind.NeverKeyword, VOID],
  [ts.SyntaxKind.FunctionType, "Function"],
  [ts.SyntaxKind.ConstructorType, "Function"],
  [ts.SyntaxKind.ArrayType, "Array"],
  [ts.SyntaxKind.TupleType, "Array"],
  [ts.SyntaxKind.BooleanKeyword, "Boolean"],
  [ts.SyntaxKind.TemplateLiteralType, "String"],
  [ts.SyntaxKind.StringKeyword, "String"],
  [ts.SyntaxKind.NumberKeyword, "Number"],
  [ts.SyntaxKind.BigIntKeyword, "BigInt"],
  [ts.SyntaxKind.SymbolKeyword, "Symbol"],
]);

const LITERAL_VALUES: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.StringLiteral, "String"],
  [ts.SyntaxKind.NoSubstitutionTemplateLiteral, "String"],
  [ts.SyntaxKind.NumericLiteral, "Number"],
  [ts.SyntaxKind.BigIntLiteral, "BigInt"],
  [ts.SyntaxKind.TrueKeyword, "Boolean"],
  [ts.SyntaxKind.FalseKeyword, "Boolean"],
  [ts.SyntaxKind.NullKeyword, VOID],
]);

/** Writes types as expressions. */
export class TypeSerializer {
  readonly #checker: FileChecker;
  readonly #names: NameWriter;
  readonly #isNullStrict: boolean;

  /** @param options The options that determine whether null and undefined are distinct types. */
  constructor(
    checker: FileChecker,
    names: NameWriter,
    { strict, strictNullChecks }: ts.CompilerOptions,
  ) {
    this.#checker = checker;
    this.#names = names;
    this.#isNullStrict = strictNullChecks ?? strict ?? false;
  }

  /** Returns the expression for a type node, or for a missing type if undefined. */
  serialize(type: ts.TypeNode | undefined): string {
    if (type === undefined) return OBJECT;
    if (ts.isParenthesizedTypeNode(type)) return this.serialize(type.type);
    if (ts.isTypePredicateNode(type)) {
      return type.assertsModifier ? VOID : "Boolean";
    }
    if (ts.isLiteralTypeNode(type)) {
      const { literal } = type;
      const value = ts.isPrefixUnaryExpression(literal)
        ? literal.operand
        : literal;
      return LITERAL_VALUES.get(value.kind) ?? OBJECT;
    }
    if (ts.isTypeReferenceNode(type)) return this.#serializeReference(type);
    if (ts.isIntersectionTypeNode(type)) {
      return this.#serializeParts(type.types, true);
    }
    if (ts.isUnionTypeNode(type)) {
      return this.#serializeParts(type.types, false);
    }
    if (ts.isConditionalTypeNode(type)) {
      return this.#serializeParts([type.trueType, type.falseType], false);
    }
    if (
      ts.isTypeOperatorNode(type) &&
      type.operator === ts.SyntaxKind.ReadonlyKeyword
    ) {
      return this.serialize(type.type);
    }
    return KEYWORD_VALUES.get(type.kind) ?? OBJECT;
  }

  #serializeParts(
    types: readonly ts.TypeNode[],
    isIntersection: boolean,
  ): string {
    let all: string | undefined;
    for (const each of types) {
      const type = withoutParentheses(each);
      if (type.kind === ts.SyntaxKind.NeverKeyword) {
        if (isIntersection) return VOID;
        continue;
      }
      if (type.kind === ts.SyntaxKind.UnknownKeyword) {
        if (!isIntersection) return OBJECT;
        continue;
      }
      if (!this.#isNullStrict && isNullish(type)) continue;
      const value = this.serialize(type);
      if (value === OBJECT || (all !== undefined && all !== value)) {
        return OBJECT;
      }
      all = value;
    }
    return all ?? VOID;
  }

  #serializeReference({ typeName }: ts.TypeReferenceNode): string {
    const resolver = this.#checker.getEmitResolver(
      typeName.getSourceFile(),
      undefined,
      true,
    );
    const kind = resolver.getTypeReferenceSerializationKind(typeName, typeName);
    return kind === TypeKind.WithConstructSignatureAndValue
      ? this.#valueOf(typeName)
      : (KIND_VALUES.get(kind) ?? OBJECT);
  }

  /** Returns the expression for the name of a class, which may be in a namespace. */
  #valueOf(name: ts.EntityName): string {
    return ts.isIdentifier(name)
      ? this.#names.valueAt(name.text, name)
      : `${this.#valueOf(name.left)}.${name.right.text}`;
  }
}

function withoutParentheses(type: ts.TypeNode): ts.TypeNode {
  return ts.isParenthesizedTypeNode(type)
    ? withoutParentheses(type.type)
    : type;
}

function isNullish(type: ts.TypeNode): boolean {
  return (
    type.kind === ts.SyntaxKind.UndefinedKeyword ||
    (ts.isLiteralTypeNode(type) &&
      type.literal.kind === ts.SyntaxKind.NullKeyword)
  );
}
