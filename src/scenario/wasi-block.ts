// `wasi { .. }`: the lines that say what a WASI host is and what it begins with. Mirrors spec/00-scenarios.md.

import { encodeUtf8 } from "../canon/values/utf.ts";
import { isDesignOption } from "../history/options.ts";
import { SettingError, type Settings, settingOf } from "../wasi/choice-points.ts";
import {
  addDirectory,
  addFile,
  addHardLink,
  addPreopen,
  addSymlink,
  newWorld,
  WorldError,
} from "../wasi/first-world.ts";
import type { World } from "../wasi/world.ts";
import { didYouMean } from "../wit/spelling.ts";
import type { Scenario, SettingExpr, WasiDecl, WasiLine } from "./ast.ts";
import type { Pos } from "./ast-types.ts";
import { fault } from "./errors.ts";
import { meaningOf, type Setting, settingHint } from "./settings.ts";

/** A kind of line: what its arguments are, and what it sets or puts into the world. */
interface LineKind {
  /** The tags of the arguments, as one letter each. */
  readonly args: RegExp;
  readonly usage: string;
  readonly setting?: (words: readonly string[]) => Setting;
  readonly put?: (world: World, words: readonly string[]) => void;
}

const lineKinds: Readonly<Record<string, LineKind>> = {
  file: {
    args: /^tt?$/,
    usage: 'file "name" "text"',
    put: (world, [path = "", text = ""]) => addFile(world, path, Uint8Array.from(encodeUtf8(text))),
  },
  directory: {
    args: /^t$/,
    usage: 'directory "name"',
    put: (world, [path = ""]) => addDirectory(world, path),
  },
  link: {
    args: /^tt$/,
    usage: 'link "new name" "name"',
    put: (world, [path = "", existing = ""]) => addHardLink(world, path, existing),
  },
  symlink: {
    args: /^tt$/,
    usage: 'symlink "name" "path that it holds"',
    put: (world, [path = "", target = ""]) => addSymlink(world, path, target),
  },
  garbled: {
    args: /^t$/,
    usage: 'garbled "directory"',
    put: (world, [path = ""]) => addFile(world, `${path}/\ud800`, new Uint8Array()),
  },
  preopen: {
    args: /^ttw?$/,
    usage: 'preopen "name" "directory", and read-only if it is',
    put: (world, [name = "", path = "", readOnly]) => {
      onlyWord(readOnly, "read-only");
      addPreopen(world, name, path, readOnly !== undefined);
    },
  },
  stdin: {
    args: /^tw?$/,
    usage: 'stdin "text", and closed if nothing follows',
    put: (world, [text = "", closed]) => {
      onlyWord(closed, "closed");
      world.stdin = { ...world.stdin, data: [...encodeUtf8(text)], closed: closed !== undefined };
    },
  },
  quota: {
    args: /^w$/,
    usage: "quota BYTES",
    put: (world, [bytes = ""]) => {
      if (!/^[0-9]{1,9}$/.test(bytes)) throw new WorldError(`\`${bytes}\` is no number of bytes`);
      world.quota = Number(bytes);
    },
  },
  deny: {
    args: /^w$/,
    usage: "deny NAME-OF-A-FUNCTION",
    put: (world, [name = ""]) => {
      world.denied = [...world.denied, name];
    },
  },
  set: {
    args: /^ww$/,
    usage: "set CHOICE-POINT VALUE",
    setting: ([name = "", value = ""]) => ({ name, value }),
  },
  profile: {
    args: /^w$/,
    usage: "profile NAME",
    setting: ([value = ""]) => ({ name: "profile", value }),
  },
  variant: {
    args: /^w$/,
    usage: "variant NAME",
    setting: ([value = ""]) => ({ name: "variant", value }),
  },
};

function onlyWord(word: string | undefined, wanted: string): void {
  if (word !== undefined && word !== wanted) {
    throw new WorldError(`\`${word}\` stands where only \`${wanted}\` may`);
  }
}

/** Errors of the world and its settings, where the scenario made them. */
function at<T>(pos: Pos, hint: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof WorldError || error instanceof SettingError) {
      return fault(pos, error.message, hint);
    }
    throw error;
  }
}

function kindOf({ word, args, pos }: WasiLine): LineKind {
  const kind = Object.hasOwn(lineKinds, word) ? lineKinds[word] : undefined;
  if (kind === undefined) {
    const known = Object.keys(lineKinds);
    const hint = didYouMean(word, known, `one of ${known.join(", ")}`);
    return fault(pos, `a world has no line \`${word}\``, hint);
  }
  const tags = args.map(({ tag }) => tag.charAt(0)).join("");
  if (!kind.args.test(tags)) fault(pos, `this is not how \`${word}\` is written`, kind.usage);
  return kind;
}

const wordsOf = ({ args }: WasiLine): readonly string[] => args.map(({ text }) => text);

/** A program is written for one variant: the interfaces differ. */
function oneVariant(settings: Settings, pos: Pos): Settings {
  if (settings.variant !== "any") return settings;
  return fault(pos, "a search is about one variant, not any", "name one, as in `variant V2`");
}

/** What one setting at `pos` means for the WASI host. */
function checkedSetting(one: Setting, pos: Pos): Settings {
  const hint = settingHint(one) ?? "spec/09 lists the choice points and their values";
  return at(pos, hint, () => oneVariant(meaningOf(one).wasi, pos));
}

/** What a block says about the host. A later line counts more. */
function settingsOf(wasi: WasiDecl | null): Settings {
  const all = (wasi?.lines ?? []).map((line): Settings => {
    const one = kindOf(line).setting?.(wordsOf(line));
    if (one !== undefined && isDesignOption(one.name)) {
      fault(
        line.pos,
        `\`${one.name}\` is not of the WASI host`,
        "write it before a check, as `with`",
      );
    }
    return one === undefined ? {} : checkedSetting(one, line.pos);
  });
  return Object.assign({}, ...all);
}

/** What the `with` of a check says; stops where that is nothing known. */
function settingsOfCheck(written: readonly SettingExpr[]): Settings {
  return Object.assign({}, ...written.map((one) => checkedSetting(one, one.pos)));
}

/** The variant of the host whose interfaces a search of the scenario uses. */
export function variantOf({ wasi }: Scenario, over: Settings): string {
  return settingOf({ ...settingsOf(wasi), ...over }, "variant");
}

/** Every variant of the host under which a scenario is searched: all have to fit it. */
export function variantsOf(scenario: Scenario): readonly string[] {
  const overs = scenario.checks.map(({ settings }) => settingsOfCheck(settings));
  return [...new Set([{}, ...overs].map((over) => variantOf(scenario, over)))];
}

/** The world that a search begins with; `over` counts more than the settings of the block. */
export function firstWorld({ wasi }: Scenario, over: Settings): World {
  const world = newWorld({ ...settingsOf(wasi), ...over });
  const lines = wasi?.lines ?? [];
  for (const line of lines) {
    const { put, usage } = kindOf(line);
    at(line.pos, usage, () => put?.(world, wordsOf(line)));
  }
  if (!lines.some(({ word }) => word === "preopen")) addPreopen(world, "/", "", false);
  return world;
}

/** Stops at the first line of the block that says nothing known, or cannot be. */
export function checkWasi(scenario: Scenario): void {
  firstWorld(scenario, {});
}
