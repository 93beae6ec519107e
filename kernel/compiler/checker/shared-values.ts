/**
 * Decides which names of a cell are variables of the notebook, and whether a new variable fits the
 * functions that were checked against an earlier one of the same name.
 */
import ts from "typescript";

/**
 * Whether a symbol has a value among the variables of the cells, and is neither a type nor an
 * ambient global.
 */
export function isSharedValue(symbol: ts.Symbol): boolean {
  const kinds = ts.SymbolFlags.Value | ts.SymbolFlags.Alias;
  if ((symbol.flags & kinds) === 0) return false;
  const declaration = symbol.valueDeclaration;
  return (
    declaration === undefined ||
    (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Ambient) === 0
  );
}

/** Whether functions that were checked against the previous symbol can work with the new one. */
export function typeFits(
  symbol: ts.Symbol,
  before: ts.Symbol,
  checker: ts.TypeChecker,
): boolean {
  const target = (each: ts.Symbol) =>
    each.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(each) : each;
  const [type, oldType] = [symbol, before].map((each) =>
    checker.getTypeOfSymbol(target(each)),
  ) as [ts.Type, ts.Type];
  const isAny = (each: ts.Type) => (each.flags & ts.TypeFlags.Any) !== 0;
  if (isAny(type) && !isAny(oldType)) return false;
  return checker.isTypeAssignableTo(type, oldType);
}
