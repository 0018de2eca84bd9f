// Number literals: integers, and floats rounded once, to their bits. Mirrors "Values" of the text format.

/** The widths of the two kinds of floats: bits of the fraction and of the exponent. */
const formats = {
  f32: { fraction: 23, exponent: 8 },
  f64: { fraction: 52, exponent: 11 },
} as const;

export type FloatType = keyof typeof formats;

const integer = /^[+-]?(?:0x[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*|[0-9]+(?:_[0-9]+)*)$/;

function magnitude(digits: string): bigint {
  return BigInt(digits.replaceAll("_", ""));
}

/** An integer literal of that many bits, signed or not, as it is written; null if it is none. */
export function integerOf(text: string, bits: number): bigint | null {
  if (!integer.test(text)) return null;
  const negative = text.startsWith("-");
  const size = magnitude(text.replace(/^[+-]/, ""));
  const most = negative ? 1n << BigInt(bits - 1) : (1n << BigInt(bits)) - 1n;
  if (size > most) return null;
  return negative ? -size : size;
}

/** How many bits a number has. */
function width(n: bigint): number {
  const hex = n.toString(16);
  return 4 * (hex.length - 1) + Number.parseInt(hex[0] ?? "0", 16).toString(2).length;
}

/** n / d, to the nearest; of two as near, to the even one. */
function divided(n: bigint, d: bigint): bigint {
  const [whole, rest] = [n / d, (n % d) * 2n];
  return rest > d || (rest === d && whole % 2n === 1n) ? whole + 1n : whole;
}

function scaled(n: bigint, by: number): bigint {
  return by > 0 ? n << BigInt(by) : n;
}

/** The bits of the float nearest to n / d; those of infinity if that is too large. */
function nearest(n: bigint, d: bigint, type: FloatType): bigint {
  if (n === 0n) return 0n;
  const { fraction, exponent } = formats[type];
  const bias = 2 ** (exponent - 1) - 1;
  const about = width(n) - width(d);
  const below = scaled(n, -about) < scaled(d, about) ? about - 1 : about;
  const at = Math.max(below, 1 - bias);
  const shift = fraction - at;
  const units = divided(scaled(n, shift), scaled(d, -shift));
  // the hidden bit adds 1 to the exponent, and so does a fraction that was rounded up to 2
  return (BigInt(at + bias - 1) << BigInt(fraction)) + units;
}

function infinity(type: FloatType): bigint {
  const { fraction, exponent } = formats[type];
  return ((1n << BigInt(exponent)) - 1n) << BigInt(fraction);
}

const decimal =
  /^([0-9]+(?:_[0-9]+)*)(?:\.([0-9]+(?:_[0-9]+)*)?)?(?:[eE]([+-]?[0-9]+(?:_[0-9]+)*))?$/;
const hexadecimal =
  /^0x([0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)(?:\.([0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)?)?(?:[pP]([+-]?[0-9]+(?:_[0-9]+)*))?$/;

/** Exponents beyond these say infinity or zero of whatever stands before them. */
const mostExponent = 5_000;

function ratio(text: string, type: FloatType): bigint | null {
  const hex = hexadecimal.exec(text);
  const [, whole, part = "", power = "0"] = hex ?? decimal.exec(text) ?? [];
  if (whole === undefined) return null;
  const digits = `${whole}${part}`.replaceAll("_", "");
  const after = part.replaceAll("_", "").length * (hex === null ? 1 : 4);
  const by = Number(power.replaceAll("_", "")) - after;
  const n = BigInt(hex === null ? digits : `0x${digits}`);
  if (Math.abs(by) > mostExponent + 4 * digits.length)
    return by < 0 || n === 0n ? 0n : infinity(type);
  const factor = (hex === null ? 10n : 2n) ** BigInt(Math.abs(by));
  return by < 0 ? nearest(n, factor, type) : nearest(n * factor, 1n, type);
}

function nan(text: string, type: FloatType): bigint | null {
  const fraction = BigInt(formats[type].fraction);
  if (text === "nan") return infinity(type) | (1n << (fraction - 1n));
  const [, digits] = /^nan:(0x[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)$/.exec(text) ?? [];
  if (digits === undefined) return null;
  const payload = magnitude(digits);
  return payload === 0n || payload >> fraction !== 0n ? null : infinity(type) | payload;
}

function unsigned(text: string, type: FloatType): bigint | null {
  if (text === "inf") return infinity(type);
  const bits = text.startsWith("nan") ? nan(text, type) : ratio(text, type);
  const tooLarge = bits !== null && !text.startsWith("nan") && bits >= infinity(type);
  return tooLarge ? null : bits;
}

/** The bits that a float literal stands for; null if it is none, or out of range. */
export function floatBits(text: string, type: FloatType): bigint | null {
  const bits = unsigned(text.replace(/^[+-]/, ""), type);
  if (bits === null || !text.startsWith("-")) return bits;
  const { fraction, exponent } = formats[type];
  return bits | (1n << BigInt(fraction + exponent));
}

/** A NaN whose fraction is its highest bit alone (`canonical`), or has it at least (`arithmetic`). */
export function isNan(bits: bigint, type: FloatType, kind: "canonical" | "arithmetic"): boolean {
  const { fraction, exponent } = formats[type];
  const quiet = infinity(type) | (1n << BigInt(fraction - 1));
  const positive = bits & ((1n << BigInt(fraction + exponent)) - 1n);
  return kind === "canonical" ? positive === quiet : (positive & quiet) === quiet;
}
