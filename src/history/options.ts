// What the earlier designs leave open, or did in more ways than one, as named options. Mirrors spec/11 to spec/13.

import { isyswasfaOptions } from "./isyswasfa/options.ts";
import { proposal2022Options } from "./proposal-2022/options.ts";
import { stackOptions } from "./stacks/options.ts";

/** An option of a design: what it decides, and the values that it takes, the default first. */
export interface OptionDef {
  readonly text: string;
  readonly values: readonly string[];
}

export type DesignOption =
  | keyof typeof isyswasfaOptions
  | keyof typeof proposal2022Options
  | keyof typeof stackOptions;

export const designOptions: Readonly<Record<DesignOption, OptionDef>> = {
  ...isyswasfaOptions,
  ...proposal2022Options,
  ...stackOptions,
};

/** The options that are not at their defaults. */
export type Options = { readonly [K in DesignOption]?: string };

export function isDesignOption(name: string): name is DesignOption {
  return Object.hasOwn(designOptions, name);
}

/** The value of an option. */
export function optionOf(options: Options, name: DesignOption): string {
  return options[name] ?? designOptions[name].values[0] ?? "";
}
