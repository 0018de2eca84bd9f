// The `async func`s of the host that do their work in one step, at once or some time later. Mirrors spec/09.

import type { Value } from "../model/values.ts";
import {
  argsOf,
  type Body,
  cancelRequested,
  type Host,
  type Next,
  objectOf,
  type State,
} from "./host.ts";
import { answer, begin, isNow, over, pending } from "./pending.ts";

interface AsyncFunction {
  readonly name: string;
  /** Does the work; the world is as it is when the call resolves. */
  readonly run: (h: Host, args: readonly Value[]) => Value;
  /** The arguments that are handles: their objects stay open while the call runs. */
  readonly handles?: readonly number[];
  /** Whether a call that is cancelled may, or must, have had its effect all the same. */
  readonly cancelled?: (h: Host) => readonly ("no-effect" | "done")[];
}

/** A function that is over at once or stays STARTED for as long as the host likes. */
export function asyncFunction(what: AsyncFunction): Body {
  const { name, run, handles = [] } = what;
  const act = (h: Host, s: State): Next => answer(h, s, run(h, argsOf(s)));
  return {
    start: { run: (h, { args }) => begin(h, { at: "begin", args }) },
    begin: {
      run: (h, s, { pick }) => {
        if (isNow(s, pick)) return act(h, s);
        const objects = handles.map((i) => objectOf(h, argsOf(s)[i]));
        return pending(h, name, objects, { at: "act", args: s.args });
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
        if (option === "cancel done") abandon(h, run(h, argsOf(s)));
        return over(h, s, { do: "cancelled" });
      },
    },
  };
}

/** A handle that a cancelled call has made reaches nobody. */
function abandon({ world }: Host, result: Value): void {
  if (typeof result !== "object" || !("tag" in result) || result.tag !== "case") return;
  const { value } = result;
  if (typeof value === "object" && value !== null && "tag" in value && value.tag === "rep") {
    delete world.handles[value.rep];
  }
}
