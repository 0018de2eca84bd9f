// A checkpoint: the searches of a command that are done, and how far the present one is.

import { existsSync, rmSync } from "node:fs";
import type { Graph } from "../scheduler/explore/graph.ts";
import type { Picks } from "../scheduler/explore/replay.ts";
import { graphFromJson, graphToJson, packWays, unpackWays } from "./graph-file.ts";
import { UsageError } from "./io.ts";
import { unlike } from "./recorded.ts";
import {
  type Head,
  reading,
  readSaved,
  type Saved,
  type SavedSearch,
  writeSaved,
} from "./saved-file.ts";
import type { Place } from "./searching.ts";

/** How far a search is. */
export interface Reached {
  readonly graph: Graph;
  /** ways to what is still to be expanded; null: the search is done */
  readonly frontier: readonly Picks[] | null;
}

/** To save takes at most about a tenth of the time. */
const seldom = 10;

export class Checkpoint {
  readonly #path: string;
  readonly #head: Head;
  readonly #shard: Saved["shard"];
  readonly #every: number;
  readonly #searches: SavedSearch[];
  #due: number;

  /**
   * Goes on from the file if it exists; saves every so many milliseconds. Throws `UsageError` if the
   * file is of something else.
   */
  constructor(path: string, head: Head, shard: Saved["shard"], every: number) {
    this.#path = path;
    this.#head = head;
    this.#shard = shard;
    this.#every = every;
    this.#due = Date.now() + every;
    this.#searches = existsSync(path) ? [...this.#read()] : [];
  }

  isDue(): boolean {
    return Date.now() >= this.#due;
  }

  /** How far a search was; null: it was not begun. */
  at({ number }: Place): Reached | null {
    const saved = this.#searches[number];
    if (saved === undefined) return null;
    return reading(this.#path, () => ({
      graph: graphFromJson(saved.graph),
      frontier: saved.frontier === null ? null : unpackWays(saved.frontier),
    }));
  }

  /** Keeps it in mind, for the next time the file is written. */
  put(place: Place, reached: Reached): void {
    this.#searches[place.number] = savedSearch(place, reached);
  }

  write(): void {
    const start = Date.now();
    const { tool, command, files } = this.#head;
    const searches = this.#searches;
    writeSaved(this.#path, "checkpoint", { tool, command, files, shard: this.#shard, searches });
    const now = Date.now();
    this.#due = now + Math.max(this.#every, seldom * (now - start));
  }

  /** At the end: if all is done nothing is left to go on with, so the file goes; true: it stays. */
  close(count: number): boolean {
    const done = this.#searches.filter(({ frontier }) => frontier === null);
    const stays = done.length < count;
    if (stays) this.write();
    else rmSync(this.#path, { force: true });
    return stays;
  }

  #read(): readonly SavedSearch[] {
    const saved = readSaved(this.#path, "checkpoint");
    const why = unlike(saved, this.#head, "maxStates") ?? otherShard(saved.shard, this.#shard);
    if (why === null) return saved.searches;
    throw new UsageError(`${this.#path} is the checkpoint of something else: ${why}`);
  }
}

function otherShard(a: Saved["shard"], b: Saved["shard"]): string | null {
  return JSON.stringify(a) === JSON.stringify(b) ? null : "--shard differs";
}

export function savedSearch({ item, revision }: Place, { graph, frontier }: Reached): SavedSearch {
  return {
    file: item.source.file,
    line: item.scenario.pos.line,
    revision: revision.label,
    graph: graphToJson(graph),
    frontier: frontier === null ? null : packWays(frontier),
  };
}
