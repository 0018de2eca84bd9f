// What goes through the hands of JavaScript beside plain data: streams, futures and handles, both ways.

import type { FuncDef, Program } from "../model/program.ts";
import type { Given, Handed } from "./arrivals.ts";
import { fromJs } from "./from-js.ts";
import { within } from "./misfit.ts";
import type { Reads } from "./reads.ts";
import { GuestResource, Handles } from "./resources.ts";
import { settledToJs } from "./results.ts";
import type { Handing, Sources } from "./sources.ts";
import { GuestStream } from "./streams.ts";
import type { HandleType, Receiver } from "./to-js.ts";

interface Parts {
  readonly program: Program;
  readonly reads: Reads;
  /** Calls a destructor by its name. */
  readonly drop: (dtor: string, rep: number) => Promise<unknown>;
  readonly sources: Sources;
}

export class Hands {
  readonly receiver: Receiver;
  readonly #parts: Parts;
  readonly #handles = new Handles();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.receiver = {
      stream: (end, t) => new GuestStream(parts.reads, this.receiver, end, t),
      future: (end, t) => this.#future(end, t),
      resource: (rep, t) => this.#resource(rep, t),
    };
  }

  /** A conversion of its own, for values that go in together. */
  handing(): Handing {
    const given: Given[] = [];
    return {
      given,
      source: (what, t, js) => {
        const source = this.#parts.sources.add(what, t, js);
        given.push({ source, what, t });
        return source;
      },
      end: (js) => (js instanceof GuestStream ? js.give() : null),
      rep: (js, { tag, rt }) => this.#handles.rep(js, rt, tag === "own"),
    };
  }

  /** The arguments of a call. Throws `TypeError`. */
  hand({ name, ft: { params } }: FuncDef, args: readonly unknown[]): Handed {
    if (args.length !== params.length) {
      const takes = params.length === 1 ? "1 argument" : `${params.length} arguments`;
      throw new TypeError(`${name} takes ${takes}, not ${args.length}`);
    }
    const g = this.handing();
    const values = params.map((p, i) =>
      within(`${name}: ${p.name}`, () => fromJs(g, p.t, args[i])),
    );
    return { values, given: g.given };
  }

  #future(...[end, t]: Parameters<Receiver["future"]>): Promise<unknown> {
    const { done } = this.#parts.reads.start(end, "future", 1);
    const value = done.then(({ values }) => {
      if (values.length === 0) throw new TypeError("this future was dropped unwritten");
      return settledToJs(this.receiver, t, values[0]);
    });
    // a future that nobody looks at may fail
    value.catch(() => {});
    return value;
  }

  #resource(rep: number, { tag, rt }: HandleType): GuestResource {
    const { program, drop } = this.#parts;
    const def = program.resourceTypes[rt];
    const dtor = def === undefined ? undefined : program.funcs[def.dtor];
    if (def === undefined || dtor === undefined) throw new Error("a handle has a type");
    const handle = new GuestResource(def.name, tag === "borrow", () => drop(dtor.name, rep));
    return this.#handles.add(handle, rt, rep);
  }
}
