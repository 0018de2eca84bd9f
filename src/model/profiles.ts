// The profiles by name: every choice open, or the specification's deterministic profile. Mirrors spec/07.

import type { Profile } from "./store.ts";

const full: Profile = {
  name: "full",
  nan32: 0x7fe0_0001,
  nan64: 0x7ffc_0000_0000_0001n,
  hostCancelCopy: "either",
};

/** `deterministic` removes the coins of the reference text; the order of threads stays open. */
export const profiles: Readonly<Record<Profile["name"], Profile>> = {
  full,
  deterministic: { ...full, name: "deterministic" },
};
