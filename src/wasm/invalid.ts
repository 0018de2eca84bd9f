// What is wrong with bytes that are no module or component, or that cannot be linked. Mirrors spec/14.

/**
 * How an input is wrong: its bytes do not decode, what they say is not valid, it does not fit together
 * with what it was linked to, or it is valid and needs what this package does not offer.
 */
export type InvalidKind = "malformed" | "invalid" | "unlinkable" | "unsupported";

/** An input that is refused; `offset` is the byte at which it shows, from 0, if there is one. */
export class Invalid extends Error {
  readonly kind: InvalidKind;
  readonly offset: number | null;

  constructor(kind: InvalidKind, offset: number | null, message: string) {
    super(message);
    this.name = "Invalid";
    this.kind = kind;
    this.offset = offset;
  }
}
