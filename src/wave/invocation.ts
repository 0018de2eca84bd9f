// A call as wasmtime's `--invoke` writes it: a function and its arguments (wasm-wave, "Function calls"). Mirrors spec/14.

import type { FuncType } from "../model/types.ts";
import type { Value } from "../model/values.ts";
import { didYouMean } from "../wit/spelling.ts";
import { funcWords, typeWords } from "../wit/type-words.ts";
import { type Cursor, insist, items, peek, unexpected } from "./cursor.ts";
import { fault, type Place } from "./errors.ts";
import { tokensOf } from "./lexer.ts";
import { none, readValue } from "./parse.ts";
import { printValue } from "./print.ts";

/** A function that can be called: `f`, or `a:b/c@1.0.0#f` in an instance. */
export interface Callable {
  readonly path: string;
  readonly ft: FuncType;
}

/** A call of one of some functions. */
export interface Invocation<C extends Callable = Callable> {
  readonly callable: C;
  /** as it was written */
  readonly name: string;
  readonly args: readonly Value[];
}

/** How a function may be called: with as much of its instance's name as one likes. */
function spellings(path: string): readonly string[] {
  const hash = path.indexOf("#");
  if (hash === -1) return [path];
  const [instance, name] = [path.slice(0, hash), path.slice(hash + 1)];
  const at = instance.indexOf("@");
  const [plain, version] = at === -1 ? [instance, ""] : [instance.slice(0, at), instance.slice(at)];
  const short = plain.slice(plain.lastIndexOf("/") + 1);
  const dotted = [short, plain, instance].flatMap((x) => [`${x}.${name}`, `${x}#${name}`]);
  return [name, ...dotted, `${plain}.${name}${version}`, `${short}.${name}${version}`];
}

/** Which function a name means; one that is only one instance's needs no more. */
function meant<C extends Callable>(place: Place, name: string, all: readonly C[]): C {
  const exact = all.find(({ path }) => path === name);
  if (exact !== undefined) return exact;
  const some = all.filter(({ path }) => spellings(path).includes(name));
  const [only] = some;
  if (only === undefined) {
    const paths = all.map(({ path }) => path);
    const list = paths.length === 0 ? "nothing is exported" : `there is ${paths.join(", ")}`;
    return fault(place, `no function ${name} is exported`, didYouMean(name, paths, list));
  }
  if (some.length === 1) return only;
  return fault(place, `${name} can be ${some.map(({ path }) => path).join(" or ")}`);
}

/** The arguments in their brackets; options at the end may be left out. */
function readArguments(cursor: Cursor, { path, ft }: Callable): readonly Value[] {
  const args: Value[] = [];
  insist(cursor, "(");
  items(cursor, ")", (i) => {
    const param = ft.params[i];
    if (param === undefined) return unexpected(cursor, `), as ${path} is ${funcWords(ft)}`);
    args.push(readValue(cursor, param.t));
  });
  const close = cursor.tokens[cursor.at - 1] ?? peek(cursor);
  for (const { name, t } of ft.params.slice(args.length)) {
    if (t.tag !== "option") fault(close, `the argument ${name}: ${typeWords(t)} is missing`);
    args.push(none);
  }
  return args;
}

/** A call such as `f(1, "x")` or `a:b/c.f@1.0.0()` of one of these functions. Throws `WaveError`. */
export function parseInvocation<C extends Callable>(
  source: string,
  all: readonly C[],
): Invocation<C> {
  const [space = ""] = /^\s*/.exec(source) ?? [];
  const open = source.indexOf("(");
  const name = source.slice(space.length, open === -1 ? source.length : open).trimEnd();
  const place = { source, index: space.length };
  if (name === "") return fault(place, "a call begins with the name of a function: f(1)");
  const callable = meant(place, name, all);
  const cursor: Cursor = { tokens: tokensOf(source, space.length + name.length), at: 0 };
  const args = readArguments(cursor, callable);
  if (peek(cursor).kind !== "end") unexpected(cursor, "nothing more");
  return { callable, name, args };
}

/** A call with its arguments in canonical form, which reads as the same call. */
export function printInvocation({ callable: { ft }, name, args }: Invocation): string {
  const texts = ft.params.flatMap(({ t }, i) => {
    const arg = args[i];
    return arg === undefined ? [] : [printValue(arg, t)];
  });
  return `${name}(${texts.join(", ")})`;
}
