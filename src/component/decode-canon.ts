// Decodes canonical definitions. Mirrors spec/14 and Binary.md, "Canonical Definitions".

import type { BuiltinName } from "../model/program.ts";
import { Invalid } from "../wasm/invalid.ts";
import { type Reader, readByte, readCount, readU32, unsupported } from "../wasm/reader.ts";
import type { Canon, CanonOpts } from "./ast.ts";
import { expectByte, readFlag, unexpectedByte } from "./decode-bytes.ts";
import { readCoreNumberType, readResult } from "./decode-types.ts";

type Builtin = Extract<Canon, { readonly tag: "builtin" }>;
type Encoding = NonNullable<CanonOpts["encoding"]>;
type Immediates = Partial<Omit<Builtin, "tag" | "name">>;

const noOptions: CanonOpts = {
  encoding: null,
  memory: null,
  realloc: null,
  postReturn: null,
  async: false,
  callback: null,
};

const encodings: readonly Encoding[] = ["utf8", "utf16", "latin1+utf16"];

const indexed: ReadonlyMap<number, readonly [keyof CanonOpts, string]> = new Map<
  number,
  readonly [keyof CanonOpts, string]
>([
  [0x03, ["memory", "memory"]],
  [0x04, ["realloc", "realloc"]],
  [0x05, ["postReturn", "post-return"]],
  [0x07, ["callback", "callback"]],
]);

function once(offset: number, free: boolean, option: string): void {
  if (free) return;
  throw new Invalid(
    "invalid",
    offset,
    `canonical option \`${option}\` is specified more than once`,
  );
}

function inWords(encoding: Encoding): string {
  return encoding.replace("+", "-");
}

function withEncoding(offset: number, opts: CanonOpts, encoding: Encoding): CanonOpts {
  if (opts.encoding === null) return { ...opts, encoding };
  const [a, b] = [inWords(opts.encoding), inWords(encoding)];
  const message = `canonical encoding option \`${a}\` conflicts with option \`${b}\``;
  throw new Invalid("invalid", offset, message);
}

function readOption(r: Reader, opts: CanonOpts): CanonOpts {
  const offset = r.at;
  const byte = readByte(r);
  const encoding = encodings[byte];
  if (encoding !== undefined) return withEncoding(offset, opts, encoding);
  if (byte === 0x06) {
    once(offset, !opts.async, "async");
    return { ...opts, async: true };
  }
  const [field, option] = indexed.get(byte) ?? unexpectedByte(offset, byte, "canonical option");
  once(offset, opts[field] === null, option);
  return { ...opts, [field]: readU32(r) };
}

/** `opts` */
function readOptions(r: Reader): CanonOpts {
  let opts = noOptions;
  for (let left = readCount(r); left > 0; left--) opts = readOption(r, opts);
  return opts;
}

type ReadImmediates = (r: Reader) => Immediates;

const plain: ReadImmediates = () => ({});
const typed: ReadImmediates = (r) => ({ type: readU32(r) });
const withOptions: ReadImmediates = (r) => ({ type: readU32(r), opts: readOptions(r) });
const onlyOptions: ReadImmediates = (r) => ({ opts: readOptions(r) });
const typedAsync: ReadImmediates = (r) => ({
  type: readU32(r),
  opts: { ...noOptions, async: readFlag(r) },
});
const cancel: ReadImmediates = (r) => ({ cancellable: readFlag(r) });
const slot: ReadImmediates = (r) => ({ core: readCoreNumberType(r), slot: readU32(r) });
const waiting: ReadImmediates = (r) => ({
  cancellable: readFlag(r),
  opts: { ...noOptions, memory: readU32(r) },
});

const codes: ReadonlyMap<number, readonly [BuiltinName, ReadImmediates]> = new Map<
  number,
  readonly [BuiltinName, ReadImmediates]
>([
  [0x02, ["resource.new", typed]],
  [0x03, ["resource.drop", typed]],
  [0x04, ["resource.rep", typed]],
  [0x05, ["task.cancel", plain]],
  [0x06, ["subtask.cancel", (r) => ({ opts: { ...noOptions, async: readFlag(r) } })]],
  [0x09, ["task.return", (r) => ({ result: readResult(r), opts: readOptions(r) })]],
  [0x0a, ["context.get", slot]],
  [0x0b, ["context.set", slot]],
  [0x0c, ["thread.yield", cancel]],
  [0x0d, ["subtask.drop", plain]],
  [0x0e, ["stream.new", typed]],
  [0x0f, ["stream.read", withOptions]],
  [0x10, ["stream.write", withOptions]],
  [0x11, ["stream.cancel-read", typedAsync]],
  [0x12, ["stream.cancel-write", typedAsync]],
  [0x13, ["stream.drop-readable", typed]],
  [0x14, ["stream.drop-writable", typed]],
  [0x15, ["future.new", typed]],
  [0x16, ["future.read", withOptions]],
  [0x17, ["future.write", withOptions]],
  [0x18, ["future.cancel-read", typedAsync]],
  [0x19, ["future.cancel-write", typedAsync]],
  [0x1a, ["future.drop-readable", typed]],
  [0x1b, ["future.drop-writable", typed]],
  [0x1c, ["error-context.new", onlyOptions]],
  [0x1d, ["error-context.debug-message", onlyOptions]],
  [0x1e, ["error-context.drop", plain]],
  [0x1f, ["waitable-set.new", plain]],
  [0x20, ["waitable-set.wait", waiting]],
  [0x21, ["waitable-set.poll", waiting]],
  [0x22, ["waitable-set.drop", plain]],
  [0x23, ["waitable.join", plain]],
  [0x24, ["backpressure.inc", plain]],
  [0x25, ["backpressure.dec", plain]],
  [0x26, ["thread.index", plain]],
  [0x27, ["thread.new-indirect", (r) => ({ type: readU32(r), table: readU32(r) })]],
  [0x28, ["thread.resume-later", plain]],
  [0x29, ["thread.suspend", cancel]],
  [0x2a, ["thread.suspend-then-resume", cancel]],
  [0x2b, ["thread.yield-then-resume", cancel]],
  [0x2c, ["thread.suspend-then-promote", cancel]],
  [0x2d, ["thread.yield-then-promote", cancel]],
]);

const absent: Omit<Builtin, "tag" | "name"> = {
  type: null,
  result: null,
  slot: null,
  core: null,
  table: null,
  opts: noOptions,
  cancellable: false,
};

function readBuiltin(r: Reader, offset: number, byte: number): Canon {
  if (byte >= 0x40 && byte <= 0x42) {
    return unsupported(offset, "the built-ins of shared-everything-threads are not supported");
  }
  const found = codes.get(byte);
  if (found === undefined) return unexpectedByte(offset, byte, "canonical function");
  return { tag: "builtin", name: found[0], ...absent, ...found[1](r) };
}

/** `canon` */
export function readCanon(r: Reader): Canon {
  const offset = r.at;
  const byte = readByte(r);
  if (byte === 0x00) {
    expectByte(r, 0x00, "canonical function lift");
    return { tag: "lift", func: readU32(r), opts: readOptions(r), type: readU32(r) };
  }
  if (byte === 0x01) {
    expectByte(r, 0x00, "canonical function lower");
    return { tag: "lower", func: readU32(r), opts: readOptions(r) };
  }
  return readBuiltin(r, offset, byte);
}
