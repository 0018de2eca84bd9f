// Settings that a search has on top of a scenario's own, as `with` writes them: `with pin op, abi split`.

import {
  type DesignOption,
  designOptions,
  isDesignOption,
  type Options,
} from "../history/options.ts";
import {
  type ChoicePoint,
  choicePoints,
  profileSettings,
  SettingError,
  type Settings,
  setting,
  wasiProfiles,
} from "../wasi/choice-points.ts";
import { didYouMean } from "../wit/spelling.ts";

/**
 * A choice point of the WASI host and its value, `profile` and its name, or an option of an earlier
 * design and its value, as they are written.
 */
export interface Setting {
  readonly name: string;
  readonly value: string;
}

/** What settings stand for. */
export interface Meaning {
  readonly wasi: Settings;
  readonly designs: Options;
}

function optionSetting(name: DesignOption, value: string): Options {
  const { values } = designOptions[name];
  if (values.includes(value)) return { [name]: value };
  throw new SettingError(`${name} is ${values.join(" or ")}, not "${value}"`);
}

/** What one setting stands for. Throws `SettingError`. */
export function meaningOf({ name, value }: Setting): Meaning {
  if (isDesignOption(name)) return { wasi: {}, designs: optionSetting(name, value) };
  if (name !== "profile" && !Object.hasOwn(choicePoints, name)) {
    const known = [...Object.keys(choicePoints), ...Object.keys(designOptions)];
    throw new SettingError(`unknown setting "${name}" (known: ${known.join(", ")})`);
  }
  return { wasi: name === "profile" ? profileSettings(value) : setting(name, value), designs: {} };
}

/** What they stand for together; a later one counts more. Throws `SettingError`. */
export function meaningOfAll(all: readonly Setting[]): Meaning {
  const each = all.map(meaningOf);
  return {
    wasi: Object.assign({}, ...each.map(({ wasi }) => wasi)),
    designs: Object.assign({}, ...each.map(({ designs }) => designs)),
  };
}

/** A spelling that is known and near, for a setting that is not. */
export function settingHint({ name, value }: Setting): string | null {
  if (name === "profile") return didYouMean(value, Object.keys(wasiProfiles));
  if (isDesignOption(name)) return didYouMean(value, designOptions[name].values);
  if (Object.hasOwn(choicePoints, name)) {
    return didYouMean(value, choicePoints[name as ChoicePoint].values);
  }
  return didYouMean(name, [...Object.keys(choicePoints), ...Object.keys(designOptions)]);
}

/** Those of `before` that `more` says nothing about, then `more`. */
export function joinSettings(
  before: readonly Setting[],
  more: readonly Setting[],
): readonly Setting[] {
  return [...before.filter(({ name }) => !more.some((other) => other.name === name)), ...more];
}

/** An option at its default means what it means to leave it out. */
function isDefault([name, value]: readonly [string, string]): boolean {
  return isDesignOption(name) && designOptions[name].values[0] === value;
}

/** The same text for settings that mean the same. Throws `SettingError`. */
export function settingsKey(all: readonly Setting[]): string {
  const { wasi, designs } = meaningOfAll(all);
  return Object.entries({ ...wasi, ...designs })
    .filter((entry) => !isDefault(entry))
    .map(([name, value]) => `${name} ${value}`)
    .sort()
    .join();
}

/** Reads `pin op, check call`. Throws `SettingError`. */
export function parseSettings(text: string): readonly Setting[] {
  return text.split(",").map((part) => {
    const [name = "", value = "", odd] = part.trim().split(/\s+/);
    if (odd !== undefined || value === "") {
      throw new SettingError(`a setting is written NAME VALUE, not "${part.trim()}"`);
    }
    meaningOf({ name, value });
    return { name, value };
  });
}

/** `pin op, check call` */
export function settingsText(all: readonly Setting[]): string {
  return all.map(({ name, value }) => `${name} ${value}`).join(", ");
}
