/**
 * Numbers as Python writes them.
 */

/**
 * Returns a number as Python's `repr` of a float: `1.0`, `1e-05`, `nan`, `-inf`. Both languages
 * write the fewest digits that give the same number; the forms differ.
 */
export function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  if (value === 0) return "0.0";
  const [digits = "", power = ""] = value.toExponential().split("e");
  const exponent = Number(power);
  // Python writes exponents below −4 and above 15, with at least two digits.
  if (exponent >= -4 && exponent < 16) {
    return Number.isInteger(value) ? `${value}.0` : String(value);
  }
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${digits}e${exponent < 0 ? "-" : "+"}${size}`;
}
