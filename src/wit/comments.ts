// Comments of WIT texts: plain ones are blanked out, doc comments are kept for what follows them.

import type { Pos } from "./ast.ts";
import { fault } from "./errors.ts";

/** A doc comment: its text without the marks, and where it ends. */
export interface Doc {
  readonly text: string;
  readonly end: number;
}

/** A text of the same length in which comments are spaces. */
export interface Uncommented {
  readonly code: string;
  readonly docs: readonly Doc[];
}

export function positionAt(text: string, index: number): Pos {
  const before = text.slice(0, index);
  const start = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: index - start + 1 };
}

/** Where the block comment that begins at `from` ends; they nest. */
function blockEnd(text: string, from: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = from;
  let depth = 0;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    depth += mark[0] === "/*" ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return fault(
    positionAt(text, from),
    "this comment is not closed",
    "block comments nest: each `/*` needs its own `*/`",
  );
}

/** The lines inside a block comment, without the stars at their beginnings. */
function blockLines(comment: string): readonly string[] {
  const lines = comment
    .slice(3, -2)
    .split("\n")
    .map((line, i) => line.replace(i === 0 ? /^\s/ : /^\s*(?:\* ?)?/, "").trimEnd());
  while (lines[0] === "") lines.shift();
  while (lines.at(-1) === "") lines.pop();
  return lines;
}

/** The text of a doc comment, or null if the comment is a plain one. */
function docText(comment: string): string | null {
  if (comment.startsWith("///")) return comment.slice(3).replace(/^ /, "").trimEnd();
  if (!comment.startsWith("/**") || comment === "/**/") return null;
  return blockLines(comment).join("\n");
}

/** Splits a text into its code and its doc comments. Strings are code. */
export function uncomment(text: string): Uncommented {
  const docs: Doc[] = [];
  const pieces: string[] = [];
  const starts = /"(?:[^"\\\n]|\\[^\n])*"?|\/\/[^\n]*|\/\*/g;
  let done = 0;
  for (let found = starts.exec(text); found !== null; found = starts.exec(text)) {
    if (found[0].startsWith('"')) continue;
    const end = found[0] === "/*" ? blockEnd(text, found.index) : starts.lastIndex;
    const comment = text.slice(found.index, end);
    const doc = docText(comment);
    if (doc !== null) docs.push({ text: doc, end });
    pieces.push(text.slice(done, found.index), comment.replace(/[^\n]/g, " "));
    done = end;
    starts.lastIndex = end;
  }
  return { code: [...pieces, text.slice(done)].join(""), docs };
}
