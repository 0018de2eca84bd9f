// Settings of the WASI host that a search has on top of a scenario's own: `with pin op`.

import { profileSettings, SettingError, type Settings, setting } from "../wasi/choice-points.ts";

/** A choice point and its value, or `profile` and its name, as they are written. */
export interface HostSetting {
  readonly name: string;
  readonly value: string;
}

/** What one setting stands for. Throws `SettingError`. */
export function settingOne({ name, value }: HostSetting): Settings {
  return name === "profile" ? profileSettings(value) : setting(name, value);
}

/** What they stand for together; a later one counts more. Throws `SettingError`. */
export function settingsFrom(all: readonly HostSetting[]): Settings {
  return Object.assign({}, ...all.map(settingOne));
}

/** Those of `before` that `more` says nothing about, then `more`. */
export function joinSettings(
  before: readonly HostSetting[],
  more: readonly HostSetting[],
): readonly HostSetting[] {
  return [...before.filter(({ name }) => !more.some((other) => other.name === name)), ...more];
}

/** The same text for settings that mean the same. Throws `SettingError`. */
export function settingsKey(all: readonly HostSetting[]): string {
  return Object.entries(settingsFrom(all))
    .map(([name, value]) => `${name} ${value}`)
    .sort()
    .join();
}

/** Reads `pin op, check call`. Throws `SettingError`. */
export function parseSettings(text: string): readonly HostSetting[] {
  return text.split(",").map((part) => {
    const [name = "", value = "", odd] = part.trim().split(/\s+/);
    if (odd !== undefined || value === "") {
      throw new SettingError(`a setting is written NAME VALUE, not "${part.trim()}"`);
    }
    settingOne({ name, value });
    return { name, value };
  });
}

/** `pin op, check call` */
export function settingsText(all: readonly HostSetting[]): string {
  return all.map(({ name, value }) => `${name} ${value}`).join(", ");
}
