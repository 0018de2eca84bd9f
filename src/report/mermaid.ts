// A trace as a Mermaid sequence diagram: instances and the host, their calls, returns and events.

import type { Deed } from "./deeds.ts";
import { deviates, type Trace, type TraceStep } from "./trace.ts";
import { choiceText, deedText } from "./trace-text.ts";

/** Characters that mean something to Mermaid, as its entity codes. */
const escapes: Readonly<Record<string, string>> = {
  "#": "#35;",
  ";": "#59;",
  "<": "#lt;",
  ">": "#gt;",
  "&": "#amp;",
  '"': "#quot;",
  "\\": "#92;",
  "%": "#37;",
  "{": "#123;",
  "}": "#125;",
};

/** Any text as the text of a message, a note or a participant. */
export function escapeMermaid(text: string): string {
  const escaped = Array.from(text, (ch) => (ch < " " ? " " : (escapes[ch] ?? ch))).join("");
  return escaped.trim() === "" ? "(empty)" : escaped;
}

type Alias = (instance: string) => string;

function aliases(instances: readonly string[]): Alias {
  return (name) => `p${Math.max(0, instances.indexOf(name))}`;
}

/** `A/w3` belongs to A; `host/w` to the host. */
function ownerOf(end: string): string {
  return end.split("/")[0] ?? "host";
}

function arrow(from: string, kind: string, to: string, text: string): string {
  return `${from}${kind}${to}: ${escapeMermaid(text)}`;
}

function note(over: string, text: string): string {
  return `Note over ${over}: ${escapeMermaid(text)}`;
}

function callLine(step: TraceStep, deed: Extract<Deed, { tag: "call" }>, alias: Alias): string {
  const to = deed.to ?? step.instance;
  return arrow(alias(step.instance), deed.async ? "-)" : "->>", alias(to), deedText(deed));
}

function isCallAcross(deed: Deed): boolean {
  return deed.tag === "call" && deed.kind === "function";
}

/** What only a verbose diagram has. */
function isDetail(deed: Deed): boolean {
  if (deed.tag === "call") return !isCallAcross(deed);
  return ["result", "start", "resume", "exit"].includes(deed.tag);
}

function lineOf(step: TraceStep, deed: Deed, alias: Alias): string {
  const self = alias(step.instance);
  if (deed.tag === "call" && isCallAcross(deed)) return callLine(step, deed, alias);
  if (deed.tag === "return") return arrow(self, "-->>", alias(deed.to), deedText(deed));
  if (deed.tag === "wait") return note(self, `${step.thread} ${deed.why}`);
  if (deed.tag === "copy") {
    return arrow(alias(ownerOf(deed.from)), "-)", alias(ownerOf(deed.to)), deedText(deed));
  }
  return note(self, deedText(deed));
}

function linesOf(step: TraceStep, verbose: boolean, alias: Alias): readonly string[] {
  const { choice, instance } = step;
  const chosen =
    choice !== null && deviates(choice) ? [note(alias(instance), `* ${choiceText(choice)}`)] : [];
  const deeds = step.deeds.filter((deed) => verbose || !isDetail(deed));
  return [...chosen, ...deeds.map((deed) => lineOf(step, deed, alias))];
}

/** The lines of a `sequenceDiagram`; `verbose` adds the built-ins and their results as notes. */
export function mermaid(trace: Trace, verbose = false): readonly string[] {
  const alias = aliases(trace.instances);
  const cast = trace.instances.map(
    (name) => `participant ${alias(name)} as ${escapeMermaid(name)}`,
  );
  const lines = trace.steps.flatMap((step) => linesOf(step, verbose, alias));
  return ["sequenceDiagram", ...[...cast, ...lines].map((line) => `  ${line}`)];
}
