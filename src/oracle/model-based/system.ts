// A program as a system of the model: the host calls each thread's export at the same time. Mirrors spec/15.

import { newInstance } from "../../canon/instance.ts";
import { rootThread } from "../../canon/threads.ts";
import {
  type CallerStep,
  caller,
  callerGuest,
  firstState,
  instantiated,
} from "../../component/invocations.ts";
import { hostInstance } from "../../component/wasi.ts";
import { editStore, noEntities, type Token } from "../../model/edit.ts";
import type { Frame } from "../../model/frames.ts";
import type { FuncId, InstanceId, ThreadId } from "../../model/ids.ts";
import { newMemory } from "../../model/memory.ts";
import { profiles } from "../../model/profiles.ts";
import type { FuncDef } from "../../model/program.ts";
import type { ReadyWhen } from "../../model/thread.ts";
import type { FuncType } from "../../model/types.ts";
import { parseRevision } from "../../scenario/revision.ts";
import type { System } from "../../scheduler/machine.ts";
import { guestOf, instances, memoryOptions, programGuest } from "./guest.ts";
import { type Body, bodiesOf, firstName, type Program } from "./program.ts";

/** What a program runs under. */
export interface ProgramOptions {
  /** bytes of the program's memory (default 128) */
  readonly memory?: number;
  /** the revision of the specification, as `parseRevision` reads it (default: the newest) */
  readonly revision?: string;
}

/** Bytes, unless somebody says otherwise. */
export const defaultMemory = 128;

const inside = 1 as InstanceId;
const plain: FuncType = { params: [], result: null, async: true };

/** The threads begin when `first` is over. */
const whenOpen: ReadyWhen = {
  tag: "variable",
  instance: hostInstance,
  name: instantiated,
  equals: null,
};

function addRoot(edit: Token, { name }: Body, code: number, waits: boolean): ThreadId {
  const core = { guest: callerGuest, instance: hostInstance, code };
  const frames: readonly Frame[] = [{ tag: "host.end" }, { tag: "guest", core, state: firstState }];
  return edit.add("thread", rootThread(name, code, frames, waits ? whenOpen : undefined));
}

function liftOf({ name }: Body, code: number): FuncDef {
  const core = { guest: programGuest, instance: inside, code };
  return {
    tag: "lift",
    name: `program.${name}`,
    instance: inside,
    core,
    ft: plain,
    opts: { ...memoryOptions, async: true },
  };
}

function stepsOf({ name }: Body, code: number): readonly CallerStep[] {
  const func = code as FuncId;
  const call: CallerStep = { tag: "call", func, args: [], label: null, result: null };
  return name === firstName ? [call, { tag: "open" }] : [call];
}

/** The system that runs a program: its invocations are called as its threads. */
export function programSystem(program: Program, options: ProgramOptions = {}): System {
  const { memory = defaultMemory, revision = "" } = options;
  const bodies = bodiesOf(program);
  const edit = editStore({
    amendments: parseRevision(revision).amendments,
    profile: profiles.full,
    stack: [],
    roots: [],
    log: [],
    ending: null,
    entities: noEntities(),
  });
  edit.add("instance", newInstance(null));
  edit.add("instance", newInstance(edit.add("memory", newMemory("i32", memory))));
  const ordered = bodies.some(({ name }) => name === firstName);
  edit.globals.roots = bodies.map((body, code) => {
    const waits = ordered && body.name !== firstName;
    return { name: body.name, thread: addRoot(edit, body, code, waits) };
  });
  const guests = {
    [programGuest]: guestOf(bodies),
    [callerGuest]: caller(bodies.map(stepsOf), () => ""),
  };
  const funcs = bodies.map(liftOf);
  return { program: { instances, funcs, resourceTypes: [] }, guests, initial: edit.done() };
}
