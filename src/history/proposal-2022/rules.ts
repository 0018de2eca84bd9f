// All rules of the proposal of June 2022 by name, and what each is numbered as code. Mirrors spec/12.

import { backgroundRules } from "./background.ts";
import { callRules } from "./calls.ts";
import { consumerRules } from "./consumer.ts";
import { linkRules } from "./links.ts";
import { poisonRules } from "./poison.ts";
import { producerRules } from "./producer.ts";
import type { Rule } from "./rule.ts";
import { waitRules } from "./waiting.ts";

export type RuleName2022 =
  | keyof typeof producerRules
  | keyof typeof consumerRules
  | keyof typeof linkRules
  | keyof typeof waitRules
  | keyof typeof callRules
  | keyof typeof poisonRules
  | keyof typeof backgroundRules;

const rules2022: Readonly<Record<RuleName2022, Rule>> = {
  ...producerRules,
  ...consumerRules,
  ...linkRules,
  ...waitRules,
  ...callRules,
  ...poisonRules,
  ...backgroundRules,
};

const names = Object.keys(rules2022) as readonly RuleName2022[];

/** What `CoreFunc.code` is for a rule. */
export function codeOf(name: RuleName2022): number {
  return names.indexOf(name);
}

/** The rule of a code; null for a code of none. */
export function ruleName(code: number): RuleName2022 | null {
  return names[code] ?? null;
}

export function ruleAt(code: number): Rule | null {
  const name = ruleName(code);
  return name === null ? null : rules2022[name];
}
