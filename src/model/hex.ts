// Bytes as text: two hexadecimal digits each.

const digits: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  return byte.toString(16).padStart(2, "0");
});

/** Lower-case digits. */
export function toHex(bytes: Iterable<number>): string {
  let text = "";
  for (const byte of bytes) text += digits[byte] ?? "";
  return text;
}

/** The bytes of an even number of digits. */
export function fromHex(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length >>> 1 }, (_, i) => {
    return Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  });
}
