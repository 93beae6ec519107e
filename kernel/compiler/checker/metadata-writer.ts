/**
 * Implements `emitDecoratorMetadata` for cells: writes the types of a decorated class as an
 * additional decorator.
 *
 * It comes after all other decorators of the declaration: the last one is applied first, and the
 * others may read the metadata.
 */
import type MagicString from "magic-string";
import ts from "typescript";
import type { TypeSerializer } from "./type-serializer";

type Accessor = ts.GetAccessorDeclaration | ts.SetAccessorDeclaration;

/** Writes the metadata of one cell's classes. */
export class MetadataWriter {
  readonly #text: MagicString;
  readonly #types: TypeSerializer;

  constructor(text: MagicString, types: TypeSerializer) {
    this.#text = text;
    this.#types = types;
  }

  /**
   * Writes the metadata of a class and its members. The class itself must have been written before.
   */
  write(declaration: ts.ClassLikeDeclaration): void {
    const { members } = declaration;
    const constructor = members
      .filter(ts.isConstructorDeclaration)
      .find(({ body }) => body !== undefined);
    this.#append(
      ts.getDecorators(declaration),
      constructor?.parameters,
      constructor
        ? [["paramtypes", this.#parameters(constructor.parameters)]]
        : [],
    );
    for (const member of members) {
      if (ts.isPropertyDeclaration(member)) {
        this.#append(ts.getDecorators(member), undefined, [
          ["type", this.#types.serialize(member.type)],
        ]);
      } else if (ts.isMethodDeclaration(member)) {
        this.#writeMethod(member);
      } else if (
        ts.isGetAccessorDeclaration(member) ||
        ts.isSetAccessorDeclaration(member)
      ) {
        this.#writeAccessor(member, members);
      }
    }
  }

  #writeMethod(method: ts.MethodDeclaration): void {
    if (!method.body) return;
    this.#append(ts.getDecorators(method), method.parameters, [
      ["type", "Function"],
      ["paramtypes", this.#parameters(method.parameters)],
      ["returntype", this.#returnType(method)],
    ]);
  }

  /**
   * Writes the metadata of an accessor. A getter and a setter of the same name are decorated
   * together, on the one that has decorators.
   */
  #writeAccessor(
    accessor: Accessor,
    members: ts.NodeArray<ts.ClassElement>,
  ): void {
    const getter = members
      .filter(ts.isGetAccessorDeclaration)
      .find((each) => isPair(each, accessor));
    const setter = members
      .filter(ts.isSetAccessorDeclaration)
      .find((each) => isPair(each, accessor));
    const parameters = setter?.parameters ?? accessor.parameters;
    this.#append(
      ts.getDecorators(accessor),
      accessor === setter ? parameters : undefined,
      [
        [
          "type",
          this.#types.serialize(setter?.parameters[0]?.type ?? getter?.type),
        ],
        ["paramtypes", this.#parameters(parameters)],
      ],
    );
  }

  #parameters(parameters: readonly ts.ParameterDeclaration[]): string {
    const types = parameters
      .filter(({ name }) => !(ts.isIdentifier(name) && name.text === "this"))
      .map(({ type, dotDotDotToken }) =>
        this.#types.serialize(dotDotDotToken ? elementOf(type) : type),
      );
    return `[${types.join(", ")}]`;
  }

  #returnType({ type, modifiers }: ts.MethodDeclaration): string {
    if (type) return this.#types.serialize(type);
    const isAsync = modifiers?.some(
      ({ kind }) => kind === ts.SyntaxKind.AsyncKeyword,
    );
    return isAsync ? "Promise" : "void 0";
  }

  /**
   * Appends entries after the last decorator of a declaration or of its parameters, if there is
   * one.
   */
  #append(
    own: readonly ts.Decorator[] | undefined,
    parameters: readonly ts.ParameterDeclaration[] | undefined,
    entries: readonly (readonly [key: string, value: string])[],
  ): void {
    const inner = (parameters ?? []).flatMap(
      (parameter) => ts.getDecorators(parameter) ?? [],
    );
    const last = inner.at(-1) ?? own?.at(-1);
    if (last === undefined) return;
    const texts = entries.map(([key, value]) => {
      const given = `globalThis.Reflect.metadata?.("design:${key}", ${value})`;
      // A parameter's decorator is called in any case.
      return inner.length > 0
        ? ` @((given) => (target, key) => given?.(target, key))(${given})`
        : ` @(${given})`;
    });
    this.#text.appendLeft(last.end, `${texts.join("")} `);
  }
}

/** Whether two accessors have the same name. */
function isPair(one: Accessor, other: Accessor): boolean {
  const nameOf = ({ name }: Accessor) =>
    ts.isComputedPropertyName(name) ? undefined : name.text;
  const isStatic = ({ modifiers }: Accessor) =>
    modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ??
    false;
  return (
    one === other ||
    (nameOf(one) !== undefined &&
      nameOf(one) === nameOf(other) &&
      isStatic(one) === isStatic(other))
  );
}

/** Returns the element type of a rest parameter. */
function elementOf(type: ts.TypeNode | undefined): ts.TypeNode | undefined {
  if (type && ts.isArrayTypeNode(type)) return type.elementType;
  const parameters =
    type && ts.isTypeReferenceNode(type) ? type.typeArguments : undefined;
  return parameters?.length === 1 ? parameters[0] : undefined;
}
