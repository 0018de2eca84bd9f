// Layout: which newlines end a line, which `<` opens a type, which words are cases of a type.

import type { Token, TokenPosition } from "typescript-parsec";
import type { Pos } from "./ast-types.ts";
import { fault } from "./errors.ts";
import { type Kind, type RawToken, tokenize } from "./lexer.ts";

/** What one parse shares: the furthest place that it reached, and what could have stood there. */
export interface Run {
  furthest: ScenarioToken;
  expected: string[];
  /** Brackets that are still open at the end of the text. */
  readonly unclosed: readonly RawToken[];
}

/** A token as the grammar sees it; the last one has the kind `end`. */
export interface ScenarioToken extends Token<Kind> {
  readonly at: Pos;
  readonly previous: ScenarioToken | null;
  readonly next: ScenarioToken | undefined;
  /** No space stands before it. */
  readonly glued: boolean;
  readonly run: Run;
  /** The labels of the variants and enums of this scenario. */
  readonly labels: ReadonlySet<string>;
  /** The bracket that closes this one. */
  readonly partner: ScenarioToken | null;
}

type Building = {
  -readonly [K in keyof ScenarioToken]: ScenarioToken[K];
};

/** Brackets deeper than this are an error, so that no recursion overflows. */
const maxNesting = 32;

const joinsNext: ReadonlySet<string> = new Set(
  "{ ( [ , : = -> == != < <= > >= + - * | and or not".split(" "),
);
const joinsPrevious: ReadonlySet<string> = new Set(
  "{ } ) ] , : = -> == != < <= > >= + - * | and or else".split(" "),
);
const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

interface Layout {
  readonly run: Run;
  last: Building | null;
  first: Building | null;
  open: Building[];
  raws: RawToken[];
  angles: number;
  pending: RawToken | null;
  labels: Set<string>;
  /** The depth of the braces of the variant or enum that is being declared, else 0. */
  declares: number;
  end: number;
}

function positionOf(raw: RawToken): TokenPosition {
  const { line, column } = raw.pos;
  return {
    index: raw.index,
    rowBegin: line,
    columnBegin: column,
    rowEnd: line,
    columnEnd: column + raw.text.length,
  };
}

function push(layout: Layout, raw: RawToken, kind: Kind): Building {
  const token: Building = {
    kind,
    text: raw.text,
    pos: positionOf(raw),
    at: raw.pos,
    previous: layout.last,
    next: undefined,
    glued: layout.end === raw.index,
    run: layout.run,
    labels: layout.labels,
    partner: null,
  };
  if (layout.last === null) layout.first = token;
  else layout.last.next = token;
  layout.last = token;
  return token;
}

/** Whether the pending newline or `;` before `next` separates two lines. */
function separates(layout: Layout, pending: RawToken, next: RawToken): boolean {
  const before = layout.last;
  if (before === null || before.text === "{" || next.text === "}" || next.kind === "end") {
    return false;
  }
  if (pending.text === ";") return true;
  const inside = layout.open.some((token) => token.text !== "{") || layout.angles > 0;
  const joined =
    (joinsNext.has(before.text) && before.kind !== "angle") || joinsPrevious.has(next.text);
  return !inside && !joined;
}

function openBracket(layout: Layout, raw: RawToken, token: Building): void {
  layout.open.push(token);
  layout.raws.push(raw);
  if (layout.open.length > maxNesting) {
    const hint = raw.text === "{" ? "split it up" : "give a part a name with `let`";
    fault(raw.pos, `brackets nest deeper than ${maxNesting}`, hint);
  }
  const word = token.previous?.text;
  const declaration = token.previous?.previous?.text === "=";
  if (raw.text === "{" && declaration && (word === "variant" || word === "enum")) {
    layout.declares = layout.open.length;
  }
}

function closeBracket(layout: Layout, raw: RawToken, token: Building): void {
  const top = layout.open.at(-1);
  if (top === undefined || closers[top.text] !== raw.text) return;
  top.partner = token;
  if (layout.declares === layout.open.length) layout.declares = 0;
  layout.open.pop();
  layout.raws.pop();
}

function kindOf(layout: Layout, raw: RawToken): Kind {
  if (raw.text === "<" && layout.last?.kind === "path" && layout.end === raw.index) {
    layout.angles++;
    if (layout.angles > maxNesting)
      fault(raw.pos, `types nest deeper than ${maxNesting}`, "name it");
    return "angle";
  }
  if (raw.text === ">" && layout.angles > 0) {
    layout.angles--;
    return "angle";
  }
  if (raw.text === "{" || raw.text === "}") layout.angles = 0;
  return raw.kind;
}

function noteWords(layout: Layout, token: Building): void {
  const before = token.previous?.text;
  if (token.kind === "string" && before === "scenario" && layout.open.length === 0) {
    layout.labels = new Set();
  }
  const lists = layout.declares > 0 && layout.declares === layout.open.length;
  if (token.kind === "path" && lists && (before === "{" || before === ",")) {
    layout.labels.add(token.text.replace("%", ""));
  }
}

function take(layout: Layout, raw: RawToken): void {
  if (raw.kind === "end-of-line" || raw.text === ";") {
    if (layout.pending?.text !== ";") layout.pending = raw;
    if (raw.text === ";") layout.angles = 0;
    return;
  }
  const { pending } = layout;
  layout.pending = null;
  if (pending !== null && separates(layout, pending, raw)) {
    layout.angles = 0;
    push(layout, pending, "end-of-line");
  }
  const token = push(layout, raw, kindOf(layout, raw));
  if (raw.kind === "sign") {
    if (closers[raw.text] !== undefined) openBracket(layout, raw, token);
    else closeBracket(layout, raw, token);
  }
  noteWords(layout, token);
  layout.end = raw.index + raw.text.length;
}

function layOut(
  raws: readonly RawToken[],
  end: RawToken,
  shared: Pick<Layout, "run" | "labels" | "raws">,
): Building {
  const layout: Layout = {
    ...shared,
    last: null,
    first: null,
    open: [],
    angles: 0,
    pending: null,
    declares: 0,
    end: -1,
  };
  for (const raw of raws) take(layout, raw);
  take(layout, end);
  return layout.first as Building;
}

function endPosition(text: string): Pos {
  const lines = text.split("\n");
  return { line: lines.length, column: (lines.at(-1) ?? "").replace(/\r/g, "").length + 1 };
}

/** The tokens of a whole file. */
export function readTokens(text: string): ScenarioToken {
  const end: RawToken = { kind: "end", text: "", pos: endPosition(text), index: text.length };
  const unclosed: RawToken[] = [];
  const run = { furthest: null as unknown as ScenarioToken, expected: [], unclosed };
  const first = layOut(tokenize(text), end, { run, labels: new Set(), raws: unclosed });
  run.furthest = first;
  return first;
}

/** The tokens of a hole of the string literal `token`; its source begins `offset` characters in. */
export function readHole(token: ScenarioToken, source: string, offset: number): ScenarioToken {
  const at = { line: token.at.line, column: token.at.column + offset };
  const index = token.pos.index + offset;
  const pos = { line: at.line, column: at.column + source.length };
  const end: RawToken = { kind: "end", text: "}", pos, index: index + source.length };
  const labels = new Set(token.labels);
  return layOut(tokenize(source, at, index), end, { run: token.run, labels, raws: [] });
}
