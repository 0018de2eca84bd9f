// How a search of `explore` is done: at once or from a checkpoint, as a whole or a shard, by how many threads.

import type { Store } from "../model/store.ts";
import { searchedOf } from "../scheduler/explore/checkpoint.ts";
import { type Live, type Searched, type Start, search } from "../scheduler/explore/search.ts";
import { fromTheBeginning, graphOf, shardStart } from "../scheduler/explore/shard.ts";
import type { Checkpoint, Reached } from "./checkpoint.ts";
import type { Io } from "./io.ts";
import { placeOf } from "./items.ts";
import { type Progress, progress } from "./progress.ts";
import type { Seek } from "./reporting.ts";
import type { ExploreOptions, Place } from "./searching.ts";
import type { Task } from "./task.ts";
import { Crew } from "./workers.ts";

/** What became of a search, as a checkpoint or a shard keeps it. */
export function reachedBy(searched: Searched<unknown>): Reached {
  const { coverage } = searched;
  const isCut = coverage.tag === "states" || coverage.tag === "interrupted";
  return { graph: graphOf(searched), frontier: isCut ? searched.frontier() : null };
}

export class Seeker {
  readonly #io: Io;
  readonly #options: ExploreOptions;
  readonly #checkpoint: Checkpoint | null;
  readonly #crew: Crew | null;

  constructor(io: Io, options: ExploreOptions, checkpoint: Checkpoint | null) {
    const { workers = 1 } = options;
    this.#io = io;
    this.#options = options;
    this.#checkpoint = checkpoint;
    this.#crew = workers > 1 ? new Crew(workers) : null;
  }

  readonly seek: Seek = async (task, place) => {
    const before = this.#checkpoint?.at(place) ?? null;
    if (before !== null && before.frontier === null) return searchedOf(before.graph);
    const start = this.#startOf(task, place.number, before);
    const what = `${placeOf(place.item)} ${place.revision.label}`;
    const shown = progress(this.#io, what, this.#options.progress === true);
    const found = await this.#search(task, place, start, shown);
    shown.done();
    this.#checkpoint?.put(place, reachedBy(found));
    if (this.#checkpoint?.isDue()) this.#checkpoint.write();
    return found;
  };

  /** Ends the threads. */
  async close(): Promise<void> {
    await this.#crew?.dismiss();
  }

  #startOf({ model, search: options }: Task, number: number, before: Reached | null): Start | null {
    if (before !== null) return { graph: before.graph, frontier: before.frontier ?? [] };
    const { shard } = this.#options;
    if (shard === undefined) return null;
    // The last parts are the largest: each shard gets one of them from time to time.
    const index = 1 + ((shard.index - 1 + number) % shard.count);
    return shardStart(model, options, { ...shard, index });
  }

  #search(
    task: Task,
    place: Place,
    start: Start | null,
    shown: Progress,
  ): Searched<Store> | Promise<Searched<Store>> {
    const { model, search: options } = task;
    const isDue = (): boolean => this.#checkpoint?.isDue() ?? false;
    const save = (found: Searched<unknown>): void => this.#save(place, found);
    if (this.#crew !== null) {
      const { workers } = this.#options;
      const watch = (states: number): boolean =>
        shown.say(`${states} states, ${workers} workers`, states);
      return this.#crew.search(task, start ?? fromTheBeginning, { watch, isDue, save });
    }
    const progressing = { ...options, progress: shown.tick };
    if (this.#checkpoint === null) return search(model, progressing, start);
    const watch = ({ snapshot }: Live): boolean => {
      if (isDue()) save(snapshot());
      return true;
    };
    return search(model, progressing, { ...(start ?? fromTheBeginning), watch });
  }

  #save(place: Place, found: Searched<unknown>): void {
    this.#checkpoint?.put(place, { graph: graphOf(found), frontier: found.frontier() });
    this.#checkpoint?.write();
  }
}
