// The protocol as an automaton for each token: which message may come after which. Mirrors spec/11.

import type { Host } from "./host.ts";
import { type Input, inputText, type Output, outputText } from "./messages.ts";
import { type Seen, type TokenState, without } from "./tasks.ts";

/** What follows, by "STATE MESSAGE", for a token that may be new; null: its last message. */
type Automaton = Readonly<Record<string, TokenState | null>>;

/**
 * A component that is told `listening` and `ready` at once may have decided to cancel in between, so that such a
 * listen is over only after its answer.
 */
const automata: Readonly<Record<keyof Seen, Automaton>> = {
  listens: {
    "new listen": "sent",
    "over listen": "sent",
    "sent listening": "listening",
    "listening cancel": "cancelled",
    "listening ready": "over",
    "sent ready": null,
    "over cancel": null,
    "cancelled ready": null,
    "cancelled cancel-complete": null,
  },
  tasks: {
    "new pending": "pending",
    "pending cancel": "cancelled",
    "pending ready": null,
    "cancelled cancel-complete": null,
  },
};

function broken({ tasks, wiring }: Host, component: number, text: string): void {
  tasks.broken ??= `${wiring.components[component]?.name}: ${text}`;
}

/** A message about a token of a component; `text` is what it looks like. */
function see(
  h: Host,
  component: number,
  kind: keyof Seen,
  token: number,
  { tag, text }: { readonly tag: string; readonly text: string },
): void {
  const states = h.tasks.seen[component]?.[kind] ?? {};
  const next = automata[kind][`${states[token] ?? "new"} ${tag}`];
  if (next === undefined) {
    broken(h, component, text);
    return;
  }
  const after = next === null ? without(states, token) : { ...states, [token]: next };
  h.tasks.seen = h.tasks.seen.map((one, i) => (i === component ? { ...one, [kind]: after } : one));
}

/** A component is told this now. */
export function seeInput(h: Host, component: number, input: Input): void {
  const { tag, state } = input;
  see(h, component, tag === "cancel" ? "tasks" : "listens", state, { tag, text: inputText(input) });
}

/** A component has sent this. */
export function seeOutput(h: Host, component: number, output: Output): void {
  const { tag } = output;
  const message = { tag, text: outputText(output) };
  if ("state" in output) {
    see(h, component, tag === "listen" ? "listens" : "tasks", output.state, message);
    return;
  }
  // these carry a capability alone: the task says whose token it is about
  const task = h.tasks.tasks[output.task];
  const guest = task?.kind === "guest" ? task.cancel : null;
  const address = tag === "cancel" ? (task?.listen ?? null) : guest;
  if (address?.component !== component) broken(h, component, message.text);
  else see(h, component, tag === "cancel" ? "listens" : "tasks", address.token, message);
}

/** A component has answered: what was over before is over now. */
export function seeAnswer({ tasks }: Host): void {
  const isOver = ({ listens }: Seen): boolean => Object.values(listens).includes("over");
  if (!tasks.seen.some(isOver)) return;
  tasks.seen = tasks.seen.map((one) => {
    const open = Object.entries(one.listens).filter(([, state]) => state !== "over");
    return { ...one, listens: Object.fromEntries(open) };
  });
}
