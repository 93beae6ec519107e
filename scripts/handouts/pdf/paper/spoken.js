// Says a formula in words: the alternative text of KaTeX's formulas on paper.
/* global window */
(() => {
  /** Operators that are not read as they are written. */
  const words = {
    "−": "minus",
    "-": "minus",
    "·": "times",
    "⋅": "times",
    "×": "times",
    "∗": "convolved with",
    "±": "plus or minus",
    "∑": "sum",
    "∏": "product",
    "∫": "integral",
    "≈": "about equal to",
    "≤": "at most",
    "≥": "at least",
    "<": "less than",
    ">": "greater than",
    "≠": "not equal to",
    "→": "to",
    "↦": "maps to",
    "∈": "in",
    "∞": "infinity",
    "∂": "partial",
    "∇": "gradient of",
    "…": "and so on",
    "⋯": "and so on",
    "⌊": "floor of (",
    "⌋": ")",
    "⌈": "ceiling of (",
    "⌉": ")",
    "∥": "norm",
    "′": "prime",
  };
  /** Operators with limits below and above, or beside. */
  const large = new Set(["∑", "∏", "∫"]);
  const accents = {
    "^": "hat",
    ˆ: "hat",
    "¯": "bar",
    "‾": "bar",
    "~": "tilde",
    "→": "vector",
  };
  /** Invisible operators, such as the application of a function. */
  const invisible = /[\u200b\u2061-\u2064]/g;

  /**
   * Returns the words of a MathML element, such as "sum from j = 1 to n of e to the power of z sub
   * j".
   */
  function spoken(math) {
    const tex = math.querySelector("annotation")?.textContent ?? "";
    const text = say(math)
      .replace(/\s+/g, " ")
      .replace(/\s+([,.;:!)\]])/g, "$1")
      .replace(/([([])\s+/g, "$1")
      .trim();
    // A comma in braces separates thousands.
    return tex.includes("{,}")
      ? text.replace(/(\d), ?(?=\d{3}\b)/g, "$1,")
      : text;
  }

  const children = (element) => [...element.children];
  const inside = (element) => children(element).map(say).join(" ");

  /** One number or letter is said as it is, more are put into parentheses. */
  function grouped(element) {
    const text = say(element).replace(/\s+/g, " ").trim();
    return /^[^\s]+$/.test(text) ? text : `(${text})`;
  }

  const isLarge = (element) => large.has(element.textContent.trim());

  function say(element) {
    const parts = children(element);
    switch (element.localName) {
      case "annotation":
        return "";
      case "mo":
      case "mi":
      case "mn":
      case "mtext": {
        const text = element.textContent.replace(invisible, "").trim();
        return ` ${words[text] ?? text} `;
      }
      case "msub":
      case "munder":
        return isLarge(parts[0])
          ? `${say(parts[0])} over ${say(parts[1])} of `
          : `${say(parts[0])} sub ${grouped(parts[1])}`;
      case "msup":
        return `${say(parts[0])} ${power(parts[1])}`;
      case "msubsup":
      case "munderover":
        return isLarge(parts[0])
          ? `${say(parts[0])} from ${say(parts[1])} to ${say(parts[2])} of `
          : `${say(parts[0])} sub ${grouped(parts[1])} ${power(parts[2])}`;
      case "mover":
        return `${say(parts[0])} ${accents[parts[1].textContent.trim()] ?? `under ${say(parts[1])}`}`;
      case "mfrac":
        return `${grouped(parts[0])} over ${grouped(parts[1])}`;
      case "msqrt":
        return `square root of (${inside(element)})`;
      case "mtr":
        return `${inside(element)}; `;
      default:
        return inside(element);
    }
  }

  function power(element) {
    const text = element.textContent.trim();
    if (text === "2") return "squared";
    if (text === "3") return "cubed";
    if (text === "′") return "prime";
    if (text === "T" || text === "⊤") return "transposed";
    return `to the power of ${grouped(element)}`;
  }

  window.paper = { ...window.paper, spoken };
})();
