// Every rule by its label: the table that a step looks its frame up in. Mirrors spec/02.

import { callbackRules } from "./callback.ts";
import { endChoices, endRules } from "./ends.ts";
import { endBefore719Rules } from "./ends-before-719.ts";
import { enteringRules } from "./entering.ts";
import { errorContextChoices, errorContextRules } from "./error-context.ts";
import { guestChoices, guestRules } from "./guest.ts";
import { hostRules } from "./host.ts";
import { hostEndRules } from "./host-ends.ts";
import { hostStackRules } from "./host-stacks.ts";
import { liftChoices, liftRules } from "./lift.ts";
import { lowerRules } from "./lower.ts";
import { reallocRules } from "./realloc-call.ts";
import { resourceRules } from "./resources.ts";
import type { ChoicesOf, Rules } from "./rule.ts";
import { streamRules } from "./streams.ts";
import { taskBuiltinRules } from "./task-builtins.ts";
import { taskChoices, taskRules } from "./tasks.ts";
import { threadBuiltinRules } from "./thread-builtins.ts";
import { threadChoices, threadRules } from "./threads.ts";
import { lowerValuesRules } from "./values/lower.ts";
import { waitableChoices, waitableRules } from "./waitables.ts";

/** Rules by label. A frame's tag is the label of its rule. */
export const rules: Rules = {
  ...guestRules,
  ...threadRules,
  ...threadBuiltinRules,
  ...liftRules,
  ...callbackRules,
  ...lowerRules,
  ...reallocRules,
  ...lowerValuesRules,
  ...resourceRules,
  ...errorContextRules,
  ...taskRules,
  ...taskBuiltinRules,
  ...waitableRules,
  ...streamRules,
  ...endRules,
  ...endBefore719Rules,
  ...enteringRules,
  ...hostRules,
  ...hostEndRules,
  ...hostStackRules,
};

/** The rules at which something is open, with their alternatives. */
export const choices: ChoicesOf = {
  ...guestChoices,
  ...threadChoices,
  ...liftChoices,
  ...taskChoices,
  ...waitableChoices,
  ...endChoices,
  ...errorContextChoices,
};
