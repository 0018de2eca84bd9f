// The script language: what the commands of a .wast file say, each with its place. Mirrors spec/14.

import type { Place } from "./errors.ts";
import type { Literal } from "./literals.ts";

export type Layer = "module" | "component";

/**
 * A module or component as a script writes it: text to assemble, text in strings, or bytes. `source` is
 * text for an assembler; its first character stands at `origin` in the file, unless it was quoted.
 */
export type Wat =
  | {
      readonly tag: "text";
      readonly layer: Layer;
      readonly place: Place;
      readonly origin: Place;
      readonly source: string;
    }
  /** null: the strings are not UTF-8 */
  | {
      readonly tag: "quote";
      readonly layer: Layer;
      readonly place: Place;
      readonly source: string | null;
    }
  | {
      readonly tag: "binary";
      readonly layer: Layer;
      readonly place: Place;
      readonly bytes: Uint8Array;
    };

/** A call of an export, or a look at a global; of the latest instance without a name. */
export type Deed =
  | {
      readonly tag: "invoke";
      readonly place: Place;
      readonly instance: string | null;
      readonly name: string;
      readonly args: readonly Literal[];
    }
  | {
      readonly tag: "get";
      readonly place: Place;
      readonly instance: string | null;
      readonly name: string;
    };

/** How a module or component is refused. */
export type Refusal = "malformed" | "invalid" | "unlinkable";

export type Command = { readonly place: Place } & (
  | { readonly tag: "define"; readonly name: string | null; readonly wat: Wat }
  /** Defines and instantiates. */
  | { readonly tag: "load"; readonly name: string | null; readonly wat: Wat }
  | {
      readonly tag: "instance";
      readonly layer: Layer;
      readonly name: string | null;
      readonly definition: string | null;
    }
  | { readonly tag: "register"; readonly as: string; readonly name: string | null }
  | { readonly tag: "do"; readonly deed: Deed }
  | { readonly tag: "assert-return"; readonly deed: Deed; readonly results: readonly Literal[] }
  | { readonly tag: "assert-trap"; readonly what: Deed | Wat; readonly message: string }
  | { readonly tag: "assert-exhaustion"; readonly deed: Deed; readonly message: string }
  | { readonly tag: "assert-exception"; readonly deed: Deed }
  /** `custom`: of a custom section or annotation, which a decoder may pass over */
  | {
      readonly tag: "assert-refused";
      readonly as: Refusal;
      readonly custom: boolean;
      readonly wat: Wat;
      readonly message: string;
    }
  | { readonly tag: "other"; readonly word: string }
);

export interface Script {
  readonly file: string;
  readonly commands: readonly Command[];
}

export function isDeed(what: Deed | Wat): what is Deed {
  return what.tag === "invoke" || what.tag === "get";
}

/** The modules and components that a command has. */
export function watOf(command: Command): Wat | null {
  if (command.tag === "define" || command.tag === "load") return command.wat;
  if (command.tag === "assert-refused") return command.wat;
  return command.tag === "assert-trap" && !isDeed(command.what) ? command.what : null;
}
