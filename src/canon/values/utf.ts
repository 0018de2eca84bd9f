// The codecs of strings: UTF-8, UTF-16 and Latin-1, strict in both directions. Mirrors spec/01.

const chunk = 8192;

/** The string of some UTF-16 code units, which are well-formed. */
function fromUnits(units: Uint16Array): string {
  let s = "";
  for (let at = 0; at < units.length; at += chunk) {
    s += String.fromCharCode(...units.subarray(at, at + chunk));
  }
  return s;
}

interface Lead {
  /** Bytes of the sequence. */
  readonly length: number;
  /** The smallest code point that needs so many bytes. */
  readonly least: number;
  /** Bits of the lead byte that belong to the code point. */
  readonly mask: number;
}

function leadOf(byte: number): Lead | null {
  if (byte < 0x80) return { length: 1, least: 0, mask: 0x7f };
  if (byte < 0xc0) return null;
  if (byte < 0xe0) return { length: 2, least: 0x80, mask: 0x1f };
  if (byte < 0xf0) return { length: 3, least: 0x800, mask: 0x0f };
  return byte < 0xf8 ? { length: 4, least: 0x10000, mask: 0x07 } : null;
}

function isScalar(code: number): boolean {
  return code < 0xd800 || (code > 0xdfff && code < 0x110000);
}

function codePointAt(bytes: Uint8Array, at: number, lead: Lead): number | null {
  let code = (bytes[at] ?? 0) & lead.mask;
  for (let i = 1; i < lead.length; i++) {
    const next = bytes[at + i];
    if (next === undefined || (next & 0xc0) !== 0x80) return null;
    code = code * 64 + (next & 0x3f);
  }
  return code >= lead.least && isScalar(code) ? code : null;
}

function writeCodePoint(units: Uint16Array, at: number, code: number): number {
  if (code < 0x10000) {
    units[at] = code;
    return at + 1;
  }
  units[at] = 0xd800 + ((code - 0x10000) >> 10);
  units[at + 1] = 0xdc00 + (code & 0x3ff);
  return at + 2;
}

/** Null for overlong, truncated and stray sequences, surrogates and numbers above 0x10ffff. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  const units = new Uint16Array(bytes.length);
  let end = 0;
  for (let at = 0; at < bytes.length; ) {
    const lead = leadOf(bytes[at] ?? 0);
    const code = lead && codePointAt(bytes, at, lead);
    if (lead === null || code === null) return null;
    end = writeCodePoint(units, end, code);
    at += lead.length;
  }
  return fromUnits(units.subarray(0, end));
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

/** Whether every surrogate of a JS string is one of a pair. */
export function isWellFormed(s: string): boolean {
  for (let i = 0; i < s.length; i++) {
    const unit = s.charCodeAt(i);
    if (isLow(unit)) return false;
    if (isHigh(unit) && !isLow(s.charCodeAt(++i))) return false;
  }
  return true;
}

/** Little-endian; null for a lone surrogate. The number of bytes is even. */
export function decodeUtf16(bytes: Uint8Array): string | null {
  const units = new Uint16Array(bytes.length / 2);
  for (let i = 0; i < units.length; i++) {
    units[i] = (bytes[2 * i] ?? 0) + 256 * (bytes[2 * i + 1] ?? 0);
  }
  const s = fromUnits(units);
  return isWellFormed(s) ? s : null;
}

/** Every byte is a code point, so this never fails. */
export function decodeLatin1(bytes: Uint8Array): string {
  return fromUnits(Uint16Array.from(bytes));
}

function sequence(code: number): number[] {
  const tail = (shift: number): number => 0x80 + ((code >> shift) & 0x3f);
  if (code < 0x80) return [code];
  if (code < 0x800) return [0xc0 + (code >> 6), tail(0)];
  if (code < 0x10000) return [0xe0 + (code >> 12), tail(6), tail(0)];
  return [0xf0 + (code >> 18), tail(12), tail(6), tail(0)];
}

/** Bytes of a well-formed string in UTF-8. */
export function encodeUtf8(s: string): Uint8Array {
  const bytes = new Uint8Array(s.length * 3);
  let end = 0;
  for (const character of s) {
    const encoded = sequence(character.codePointAt(0) ?? 0);
    bytes.set(encoded, end);
    end += encoded.length;
  }
  return bytes.slice(0, end);
}

/** Bytes of a string in UTF-16, little-endian. */
export function encodeUtf16(s: string): Uint8Array {
  const bytes = new Uint8Array(s.length * 2);
  for (let i = 0; i < s.length; i++) {
    bytes[2 * i] = s.charCodeAt(i) & 0xff;
    bytes[2 * i + 1] = s.charCodeAt(i) >> 8;
  }
  return bytes;
}

/** Bytes of a string in Latin-1; its code points are below 0x100. */
export function encodeLatin1(s: string): Uint8Array {
  return Uint8Array.from({ length: s.length }, (_, i) => s.charCodeAt(i));
}

/** How many code units at the start of `s` are below `limit`. */
export function prefixBelow(s: string, limit: number): number {
  for (let i = 0; i < s.length; i++) {
    if (s.charCodeAt(i) >= limit) return i;
  }
  return s.length;
}
