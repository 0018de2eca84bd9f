// The `async func`s of the host that do their work in one step, at once or some time later. Mirrors spec/09.

import type { Value } from "../model/values.ts";
import {
  argsOf,
  type Body,
  cancelRequested,
  freshId,
  give,
  type Host,
  type Next,
  objectOf,
  type State,
  settled,
} from "./host.ts";
import type { ObjectRef, WorldId } from "./world.ts";

interface AsyncFunction {
  readonly name: string;
  /** Does the work; the world is as it is when the call resolves. */
  readonly run: (h: Host, args: readonly Value[]) => Value;
  /** The arguments that are handles: their objects stay open while the call runs. */
  readonly handles?: readonly number[];
  /** Whether a call that is cancelled may, or must, have had its effect all the same. */
  readonly cancelled?: (h: Host) => readonly ("no-effect" | "done")[];
}

const answers = { either: ["now", "later"], "at-once": ["now"], pending: ["later"] } as const;

/** A function that is over at once or stays STARTED for as long as the host likes. */
export function asyncFunction(what: AsyncFunction): Body {
  const { name, run } = what;
  const act = (h: Host, s: State): Next => {
    leave(h, s);
    return give(run(h, argsOf(s)));
  };
  return {
    start: {
      run: (h, s) => {
        const options = answers[settled(h, "calls") as keyof typeof answers];
        return { do: "choose", options, state: { at: "begin", args: s.args, options } };
      },
    },
    begin: {
      run: (h, { args, options }, { pick }) => {
        if ((options as readonly string[])[pick] === "now") return act(h, { at: "act", args });
        return { do: "wait", state: { at: "act", args, call: enter(h, what, args) } };
      },
    },
    act: {
      explain: () => `waits for the host to answer ${name}`,
      run: (h, s) => {
        if (!cancelRequested(h)) return act(h, s);
        const effects = what.cancelled?.(h) ?? ["no-effect", "done"];
        const options = ["return", ...effects.map((effect) => `cancel ${effect}`)];
        return { do: "choose", options, state: { ...s, at: "cancelled", options } };
      },
    },
    cancelled: {
      run: (h, s, { pick }) => {
        const option = (s.options as readonly string[])[pick];
        if (option === "return") return act(h, s);
        leave(h, s);
        if (option === "cancel done") abandon(h, run(h, argsOf(s)));
        return { do: "cancelled" };
      },
    },
  };
}

/** The call holds its objects open from here on. */
function enter(h: Host, { name, handles = [] }: AsyncFunction, args: unknown): WorldId {
  const id = freshId(h);
  const objects = handles.map((i): ObjectRef => objectOf(h, (args as readonly Value[])[i]));
  const held = objects.map(({ kind, id: of }) => ({ kind, id: of }));
  h.world.calls[id] = { name, objects: held, operation: null };
  return id;
}

function leave({ world }: Host, { call }: State): void {
  if (call !== undefined) delete world.calls[call as WorldId];
}

/** A handle that a cancelled call has made reaches nobody. */
function abandon({ world }: Host, result: Value): void {
  if (typeof result !== "object" || !("tag" in result) || result.tag !== "case") return;
  const { value } = result;
  if (typeof value === "object" && value !== null && "tag" in value && value.tag === "rep") {
    delete world.handles[value.rep];
  }
}
