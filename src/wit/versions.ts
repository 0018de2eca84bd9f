// Which of two versions comes first (Semantic Versioning 2.0, "Precedence").

function compareNumbers(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}

/** Numbers come before words, and are compared as numbers. */
function comparePart(a: string, b: string): number {
  const [left, right] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (left && right) return compareNumbers(a, b);
  if (left !== right) return left ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}

function compareParts(a: readonly string[], b: readonly string[]): number {
  for (const [i, part] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    const order = comparePart(part, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Negative when `a` comes before `b`, positive when it comes after; builds do not count. */
export function compareVersions(a: string, b: string): number {
  const [[left = "", ...preA], [right = "", ...preB]] = [a, b].map(halves) as [string[], string[]];
  const numbers = compareParts(left.split("."), right.split("."));
  if (numbers !== 0) return numbers;
  if (preA.length === 0 || preB.length === 0) return preB.length - preA.length;
  return compareParts(preA.join("-").split("."), preB.join("-").split("."));
}

/** The numbers, and the pre-release if there is one. */
function halves(version: string): readonly string[] {
  return (version.split("+")[0] ?? "").split("-");
}
