// What the user gives to a component that is a program: its arguments, environment, stdin and folders.

import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Folder, FolderEntry, Given } from "../wasi/given.ts";
import { bytesOf } from "./files.ts";
import { UsageError } from "./io.ts";

/** What the options below are given, as it is written. */
export interface ProgramOptions {
  readonly unknownImports?: "trap" | "recorded";
  readonly arg?: readonly string[];
  readonly env?: readonly string[];
  readonly dir?: readonly string[];
  readonly stdin?: string;
}

function more(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function moreEnv(text: string, before: readonly string[] = []): readonly string[] {
  if (/^[^=]+=/.test(text)) return more(text, before);
  throw new InvalidArgumentError("it is written NAME=VALUE");
}

const unknownTrap =
  "of a component: with trap, functions that nobody provides trap when they are called";

/** Only a trace says what a function returned that nobody provides. */
function unknownImportsOption(command: string): Option {
  const option = new Option("--unknown-imports <how>", unknownTrap);
  if (command !== "judge") return option.choices(["trap"]);
  option.description = `${unknownTrap}; else the trace says what they return (recorded)`;
  return option.choices(["trap", "recorded"]);
}

const all: readonly (() => Option)[] = [
  () =>
    new Option(
      "--arg <text>",
      "of a component: an argument of the program; repeated: one more",
    ).argParser(more),
  () =>
    new Option(
      "--env <name=value>",
      "of a component: a variable of its environment; may be repeated",
    ).argParser(moreEnv),
  () =>
    new Option(
      "--dir <host::guest>",
      "of a component: it finds a copy of this folder under that name; may be repeated",
    ).argParser(more),
  () => new Option("--stdin <file>", "of a component: what comes on its stdin; - for ours"),
];

/** Adds the options to a command that takes components. */
export function addProgramOptions(command: Command): void {
  command.addOption(unknownImportsOption(command.name()));
  for (const option of all) command.addOption(option());
}

/** The options as a command line has them, in order. */
export function programWords(o: ProgramOptions): readonly (readonly [string, string])[] {
  const each = (name: string, values: readonly string[] = []): (readonly [string, string])[] =>
    values.map((value) => [name, value]);
  return [
    ...each("--unknown-imports", o.unknownImports === undefined ? [] : [o.unknownImports]),
    ...each("--arg", o.arg),
    ...each("--env", o.env),
    ...each("--dir", o.dir),
    ...each("--stdin", o.stdin === undefined ? [] : [o.stdin]),
  ];
}

/** Those of several options that are about programs. */
export function programOptions(o: ProgramOptions): ProgramOptions {
  const { unknownImports, arg, env, dir, stdin } = o;
  return {
    ...(unknownImports === undefined ? {} : { unknownImports }),
    ...(arg === undefined ? {} : { arg }),
    ...(env === undefined ? {} : { env }),
    ...(dir === undefined ? {} : { dir }),
    ...(stdin === undefined ? {} : { stdin }),
  };
}

/** What folders may hold together: the copy is part of every state. */
const mostEntries = 10_000;
const mostBytes: number = 64 * 2 ** 20;

/** What is still left of the bounds. */
interface Room {
  entries: number;
  bytes: number;
}

function take(room: Room, path: string, bytes: number): void {
  room.entries -= 1;
  room.bytes -= bytes;
  if (room.entries >= 0 && room.bytes >= 0) return;
  const bound = `${mostEntries} files and ${mostBytes / 2 ** 20} MiB`;
  throw new UsageError(`--dir: up to ${path} there are more than ${bound}`);
}

/** Everything in a folder, names sorted, a directory before what is in it. */
function walk(host: string, within: string, room: Room): readonly FolderEntry[] {
  const names = readdirSync(join(host, within), { withFileTypes: true });
  const sorted = names.sort((a, b) => (a.name < b.name ? -1 : 1));
  return sorted.flatMap((entry): readonly FolderEntry[] => {
    const path = within === "" ? entry.name : `${within}/${entry.name}`;
    const full = join(host, path);
    if (entry.isSymbolicLink()) {
      take(room, full, 0);
      return [{ tag: "symlink", path, target: readlinkSync(full) }];
    }
    take(room, full, entry.isFile() ? statSync(full).size : 0);
    if (entry.isDirectory()) return [{ tag: "directory", path }, ...walk(host, path, room)];
    if (entry.isFile()) return [{ tag: "file", path, data: readFileSync(full) }];
    throw new UsageError(`--dir: ${full} is no file, folder or symbolic link`);
  });
}

/** `HOST::GUEST`; without `::` the folder has the same name on both sides. */
function folder(text: string, room: Room): Folder {
  const at = text.indexOf("::");
  const host = at === -1 ? text : text.slice(0, at);
  const name = at === -1 ? text : text.slice(at + 2);
  if (host === "" || name === "") throw new UsageError("--dir is written HOST::GUEST");
  if (name.split("/").includes("..")) throw new UsageError(`--dir: the name ${name} leads outside`);
  try {
    return { name, entries: walk(host, "", room) };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--dir: cannot read ${host}: ${(error as Error).message}`);
  }
}

function variable(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  return [text.slice(0, at), text.slice(at + 1)];
}

/** The descriptor of our own stdin. */
const ours = 0;

/** What the program in `file` is given. Throws `UsageError` for what cannot be read, or is too much. */
export function givenBy(file: string, o: ProgramOptions): Given {
  const room: Room = { entries: mostEntries, bytes: mostBytes };
  const stdin = (from: string): Uint8Array => (from === "-" ? readFileSync(ours) : bytesOf(from));
  return {
    args: [basename(file), ...(o.arg ?? [])],
    env: (o.env ?? []).map(variable),
    stdin: o.stdin === undefined ? null : stdin(o.stdin),
    folders: (o.dir ?? []).map((text) => folder(text, room)),
  };
}
