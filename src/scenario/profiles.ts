// The profiles by name: every choice open, or the specification's deterministic profile.

import type { Profile } from "../model/store.ts";
import { fullProfile } from "./build.ts";

/** `deterministic` removes the coins of the reference text; the order of threads stays open. */
export const profiles: Readonly<Record<Profile["name"], Profile>> = {
  full: fullProfile,
  deterministic: { ...fullProfile, name: "deterministic" },
};
