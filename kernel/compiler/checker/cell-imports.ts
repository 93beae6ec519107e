/**
 * Lists the modules that a cell imports, with the names that receive their values.
 */
import ts from "typescript";
import type { CellImport, ImportedName } from "../compiler";

type ImportStatement =
  ts.ImportDeclaration | ts.ImportEqualsDeclaration | ts.ExportDeclaration;

/**
 * Returns the module that a statement loads, or undefined if it imports only types.
 *
 * @param slotOf Returns the slot of an imported name.
 */
export function importOf(
  statement: ImportStatement,
  checker: ts.TypeChecker,
  slotOf: (name: ts.Identifier) => string | undefined,
): CellImport | undefined {
  const names: ImportedName[] = [];
  const take = (local: ts.Identifier, name: string) => {
    const slot = slotOf(local);
    if (slot !== undefined && isValue(local, checker)) {
      const isLive = mayChange(local, checker);
      names.push({ slot, name, ...(isLive ? { isLive } : {}) });
    }
  };
  if (ts.isImportEqualsDeclaration(statement)) {
    const { moduleReference, isTypeOnly, name } = statement;
    if (isTypeOnly || !ts.isExternalModuleReference(moduleReference)) {
      return undefined;
    }
    take(name, "=");
    return loaded(moduleReference.expression, names, true);
  }
  if (ts.isExportDeclaration(statement)) {
    return statement.moduleSpecifier && !statement.isTypeOnly
      ? loaded(statement.moduleSpecifier, [], false)
      : undefined;
  }
  const { importClause, moduleSpecifier } = statement;
  if (importClause === undefined) return loaded(moduleSpecifier, [], false);
  if (importClause.isTypeOnly) return undefined;
  const { name, namedBindings } = importClause;
  if (name) take(name, "default");
  if (namedBindings && ts.isNamespaceImport(namedBindings)) {
    take(namedBindings.name, "*");
  }
  if (namedBindings && ts.isNamedImports(namedBindings)) {
    for (const element of namedBindings.elements) {
      if (element.isTypeOnly) continue;
      take(element.name, (element.propertyName ?? element.name).text);
    }
  }
  return loaded(moduleSpecifier, names, true);
}

function loaded(
  specifier: ts.Expression,
  names: readonly ImportedName[],
  forNames: boolean,
): CellImport | undefined {
  if (forNames && names.length === 0) return undefined;
  return { module: (specifier as ts.StringLiteral).text, names };
}

/**
 * Whether an imported name has a value at run time. Types do not, nor do const enums, whose members
 * are inlined.
 */
export function isValue(
  local: ts.Identifier,
  checker: ts.TypeChecker,
): boolean {
  const symbol = checker.getSymbolAtLocation(local);
  if (symbol === undefined) return true;
  const target = checker.getAliasedSymbol(symbol);
  return isValueSymbol(target, checker) || target.escapedName === "unknown";
}

function isValueSymbol(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  const { Alias, ConstEnum, Value, ValueModule } = ts.SymbolFlags;
  const flags = symbol.flags & Value;
  if ((flags & ~(ConstEnum | ValueModule)) !== 0) return true;
  if ((flags & ValueModule) === 0) return false;
  const members = checker
    .getExportsOfModule(symbol)
    .map((each) =>
      each.flags & Alias ? checker.getAliasedSymbol(each) : each,
    );
  // A module without exports is loaded for its side effects.
  return (
    !members.some(({ flags: each }) => each & ConstEnum) ||
    members.some((each) => isValueSymbol(each, checker))
  );
}

/** Whether the module that exports a name may assign another value to it. */
function mayChange(local: ts.Identifier, checker: ts.TypeChecker): boolean {
  const symbol = checker.getSymbolAtLocation(local);
  if (symbol === undefined) return true;
  const target =
    symbol.flags & ts.SymbolFlags.Alias
      ? checker.getAliasedSymbol(symbol)
      : symbol;
  const { valueDeclaration, escapedName, flags } = target;
  if (escapedName === "unknown") return true;
  // A namespace is one object, whose properties stay up to date.
  if (flags & ts.SymbolFlags.ValueModule) return false;
  return (
    valueDeclaration === undefined ||
    (ts.isVariableDeclaration(valueDeclaration) &&
      (ts.getCombinedNodeFlags(valueDeclaration) & ts.NodeFlags.Const) === 0) ||
    ts.isBindingElement(valueDeclaration)
  );
}
