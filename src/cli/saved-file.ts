// Files in which searches are kept: shards and checkpoints. The format is in docs/scale.md.

import { createHash, randomUUID } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { Damaged, type GraphJson, type Packed } from "./graph-file.ts";
import { UsageError } from "./io.ts";
import type { Command } from "./recorded.ts";

/** What the searches are of: two files go together only if this is the same. */
export interface Head {
  /** version of the tool */
  readonly tool: string;
  readonly command: Command;
  /** every file that scenarios were read from, with the SHA-256 of its bytes */
  readonly files: readonly { readonly file: string; readonly sha256: string }[];
}

export interface SavedSearch {
  readonly file: string;
  readonly line: number;
  readonly revision: string;
  readonly graph: GraphJson;
  /** ways to the nodes that are still to be expanded; null: the search is done */
  readonly frontier: Packed | null;
}

export interface Saved extends Head {
  /** 1-based; null: the searches are whole */
  readonly shard: { readonly index: number; readonly count: number } | null;
  /** in the order of the files, their scenarios, and the revisions of each */
  readonly searches: readonly SavedSearch[];
}

type Kind = "shard" | "checkpoint";

interface Document {
  readonly "canon-async": Kind;
  readonly format: number;
  /** of the body as `JSON.stringify` writes it */
  readonly sha256: string;
  readonly body: Saved;
}

const format = 1;

export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** `No such file` and the like, without the stack. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "ENOENT" ? "there is no such file or folder" : (code ?? message);
}

/** The file is either the old one or the whole new one, whatever happens. Throws `UsageError`. */
export function writeWhole(path: string, parts: Iterable<string>): void {
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    writeDown(temporary, parts);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new UsageError(`cannot write ${path}: ${reasonOf(error)}`);
  }
}

/** As `writeWhole`. */
export function writeSaved(path: string, kind: Kind, body: Saved): void {
  const text = JSON.stringify(body);
  const start = `{"canon-async":"${kind}","format":${format},"sha256":"${sha256(text)}","body":`;
  writeWhole(path, [start, text, "}\n"]);
}

/** Says at once what would otherwise be found out at the end. Throws `UsageError`. */
export function checkWritable(path: string): void {
  try {
    accessSync(dirname(path), constants.W_OK);
    if (existsSync(path) && !statSync(path).isFile()) throw new Error("it is no file");
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${reasonOf(error)}`);
  }
}

function writeDown(path: string, parts: Iterable<string>): void {
  const file = openSync(path, "wx");
  try {
    for (const part of parts) writeAll(file, Buffer.from(part));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

/** Throws `UsageError`: it cannot be read, is something else, or is damaged. */
export function readSaved(path: string, kind: Kind): Saved {
  const document = parse(path, textOf(path));
  const found = document["canon-async"];
  if (found !== kind) throw new UsageError(`${path} is no ${kind} of canon-async`);
  if (document.format !== format) {
    throw new UsageError(`${path} has format ${document.format}; this version reads ${format}`);
  }
  if (document.sha256 !== sha256(JSON.stringify(document.body ?? null))) throw damaged(path);
  return document.body;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${reasonOf(error)}`);
  }
}

function parse(path: string, text: string): Partial<Document> & Pick<Document, "body"> {
  try {
    const document: unknown = JSON.parse(text);
    if (document === null || typeof document !== "object") throw damaged(path);
    return document as Document;
  } catch {
    throw damaged(path);
  }
}

const damaged = (path: string): UsageError =>
  new UsageError(`${path} is damaged: it is not as canon-async wrote it`);

/** What `work` reads of a file, whose rows of integers may be wrong. Throws `UsageError`. */
export function reading<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Damaged) throw damaged(path);
    throw error;
  }
}
