// Programs for the WASI host as they are built: statements, and variables that hold handles or 0.

import { wasiInterfaces } from "../../../src/wasi/interfaces.ts";
import type { Interface, WitType } from "../../../src/wit/resolved.ts";
import type { Picks } from "./wasi-values.ts";

/** What a variable of the program holds, 0 if nothing: `descriptor`, `rs:u8`, `rf:sockets`, `sub`. */
export type Kind = string;

export interface Local {
  readonly name: string;
  readonly kind: Kind;
  /** the calls that may have borrowed it */
  readonly lent: string[];
  /** of a call: what to do once it has returned */
  readonly after: readonly string[];
}

/** `filesystem`, of `wasi:filesystem/types@0.3.0` */
function packageOf({ id }: Interface): string {
  return /:([^/]*)/.exec(id)?.[1] ?? "";
}

function sameType(a: WitType, b: WitType): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A type as a scenario writes it. */
export function typeText(t: WitType | null, of: Interface): string {
  if (t === null) return "_";
  const inner = (part: WitType | null): string => typeText(part, of);
  switch (t.tag) {
    case "own":
      return t.resource.name;
    case "stream":
    case "future":
    case "option":
      return `${t.tag}<${inner(t.t)}>`;
    case "list":
      return `list<${inner(t.t)}>`;
    case "tuple":
      return `tuple<${t.ts.map(inner).join(", ")}>`;
    case "result":
      return `result<${inner(t.ok)}, ${inner(t.error)}>`;
    case "record":
    case "variant":
    case "enum":
    case "flags":
      return named(t, of);
    default:
      return t.tag;
  }
}

function named(t: WitType, of: Interface): string {
  const found = [...of.types.values()].find((type) => type.tag === "value" && sameType(type.t, t));
  const name = found?.name ?? "u32";
  return name === "error-code" ? `${packageOf(of)}.error-code` : name;
}

/** The kind of handle that a type is; null if it is none. */
export function kindOf(t: WitType, of: Interface): Kind | null {
  if (t.tag === "own" || t.tag === "borrow") return t.resource.name;
  if (t.tag === "stream") return `rs:${typeText(t.t, of)}`;
  return t.tag === "future" ? `rf:${typeText(t.t, of)}` : null;
}

/** `u8`, of `rs:u8` */
export const elementOf = (kind: Kind): string => kind.slice(3);

/** A value and whether it is an error, as expressions. */
interface Got {
  readonly value: string;
  readonly failed: string;
}

/** What programs import: the interfaces of WASI 0.3 whose objects have lifetimes. */
export const programImports: readonly string[] = [
  "wasi:filesystem/types",
  "wasi:filesystem/preopens",
  "wasi:sockets/types",
  "wasi:cli/types",
  "wasi:cli/stdin",
  "wasi:cli/stdout",
  "wasi:cli/stderr",
  "wasi:clocks/types",
  "wasi:clocks/monotonic-clock",
  "wasi:clocks/system-clock",
  "canon-async:testing/fixture",
];

/** `wasi:cli/stdin` of `wasi:cli/stdin@0.3.0`; the empty text for one of WASI 0.2 */
const importOf = ({ id }: Interface): string => (/@0\.2\./.test(id) ? "" : id.replace(/@.*$/, ""));

/** The program so far: its statements, and the variables that they declare. */
export class Program {
  readonly lines: string[] = [];
  readonly locals: Local[] = [];
  readonly interfaces: readonly Interface[];
  count = 0;
  returned = false;

  constructor(variant: string) {
    const all = [...wasiInterfaces(variant).values()];
    this.interfaces = all.filter((of) => programImports.includes(importOf(of)));
  }

  fresh(): number {
    this.count += 1;
    return this.count;
  }

  /** A new variable, with one beside it that says whether a copy is in progress. */
  local(kind: Kind, after: readonly string[] = []): Local {
    const name = `${kind === "sub" ? "c" : "h"}${this.fresh()}`;
    const local = { name, kind, lent: [], after };
    this.lines.push(`let ${name} = 0`, `let ${name}-busy = 0`, `let ${name}-at = 0`);
    this.locals.push(local);
    return local;
  }

  /** A variable of a kind, often a recent one; or any one where the plan is odd. */
  find(kind: RegExp, p: Picks, odd: boolean): Local | null {
    const fitting = this.locals.filter((l) => odd || kind.test(l.kind)).reverse();
    const [first, ...rest] = p.one([fitting.slice(0, 3), fitting]);
    return first === undefined ? null : p.one([first, ...rest]);
  }

  /** Statements that run where the variables hold something that is good for a use. */
  when(conditions: readonly string[], odd: boolean, body: readonly string[]): void {
    if (odd || conditions.length === 0) this.lines.push("if 1 == 1 {", ...body, "}");
    else this.lines.push(`if ${conditions.join(" and ")} {`, ...body, "}");
  }

  /** Puts the handles of a result into new variables. */
  collect(t: WitType, of: Interface, { value, failed }: Got): readonly string[] {
    const kind = kindOf(t, of);
    if (kind !== null) return [`${this.local(kind).name} = ${value}`];
    if (t.tag === "tuple") {
      return t.ts.flatMap((part, i) => this.collect(part, of, { value: `${value}[${i}]`, failed }));
    }
    if (t.tag === "result") return this.#either(t, of, { value, failed });
    if (t.tag !== "list" || t.t.tag === "u8") return [];
    return this.collect(t.t, of, { value: `${value}[0]`, failed });
  }

  #either(
    t: WitType & { tag: "result" },
    of: Interface,
    { value, failed }: Got,
  ): readonly string[] {
    const part = (label: "ok" | "error"): readonly string[] => {
      const inner = t[label];
      if (inner === null) return [];
      const name = `v${this.fresh()}`;
      const lines = this.collect(inner, of, { value: name, failed });
      return lines.length === 0 ? [] : [`let ${name} = ${value}.${label}`, ...lines];
    };
    return [`if ${failed} == 0 {`, ...part("ok"), "} else {", ...part("error"), "}"];
  }
}
