// The runs that a search has still to follow: the furthest one first, unless others stay far behind. Mirrors spec/15.

/** How many events of the trace a run explains. */
interface Placed {
  readonly position: number;
}

/** The furthest run may be so many events ahead, at first. */
const firstSpan = 64;
/** So many runs may be gone on with to bring the others up. */
const mostEffort = 2048;

/**
 * A stack, so that one run is followed until it fails. As long as others stay where they were left, the trace
 * up to there cannot be forgotten; so when they are far behind they come first, the last one of all before the
 * others, until they fail, or are equal to one that was met, or have come up. If there are too many of them
 * they are left alone until the furthest is twice as far ahead.
 */
export class Open<N extends Placed> {
  #stack: N[] = [];
  /** by place, while they are brought up; null: nobody is */
  #behind: Map<number, N[]> | null = null;
  #behindCount = 0;
  /** where the last one is, and how far all have to come */
  #last = 0;
  #goal = 0;
  #span = firstSpan;
  #effort = 0;
  /** Nobody is before this place. */
  #floor = 0;

  get size(): number {
    return this.#stack.length + this.#behindCount;
  }

  /** No run that is open explains less. */
  get floor(): number {
    return this.#behind === null ? this.#floor : this.#last;
  }

  push(node: N): void {
    const { position } = node;
    if (this.#behind === null || position >= this.#goal) {
      this.#stack.push(node);
      return;
    }
    const there = this.#behind.get(position);
    if (there === undefined) this.#behind.set(position, [node]);
    else there.push(node);
    this.#behindCount += 1;
  }

  /** Keeps a run that may go on for ever as it is: the others come first. */
  defer(node: N): void {
    if (this.#behind === null) this.#stack.unshift(node);
    else this.push(node);
  }

  /** The run to follow next; undefined: there is none. */
  take(): N | undefined {
    if (this.#behind === null && this.#isTooLong()) this.#bringUp();
    if (this.#behind !== null) {
      const node = this.#effort > 0 ? this.#takeLast(this.#behind) : undefined;
      if (node !== undefined) return node;
      this.#endBringUp(this.#behind);
    }
    const node = this.#stack.pop();
    if (this.#stack.length === 0 && node !== undefined) this.#floor = node.position;
    return node;
  }

  #isTooLong(): boolean {
    const { length } = this.#stack;
    const [bottom, top] = [this.#stack[0], this.#stack[length - 1]];
    if (bottom === undefined || top === undefined || length < 2) return false;
    return top.position - bottom.position > this.#span;
  }

  #bringUp(): void {
    const nodes = this.#stack;
    this.#goal = nodes.reduce((most, { position }) => Math.max(most, position), 0);
    this.#last = nodes.reduce((least, { position }) => Math.min(least, position), this.#goal);
    this.#effort = mostEffort;
    this.#behind = new Map();
    this.#stack = [];
    for (const node of nodes) this.push(node);
  }

  #takeLast(behind: Map<number, N[]>): N | undefined {
    for (; this.#last < this.#goal; this.#last++) {
      const there = behind.get(this.#last);
      const node = there?.pop();
      if (node !== undefined) {
        this.#behindCount -= 1;
        this.#effort -= 1;
        return node;
      }
      if (there !== undefined) behind.delete(this.#last);
    }
    return undefined;
  }

  /** Those that were not brought up go on where they are. */
  #endBringUp(behind: Map<number, N[]>): void {
    const all = [...[...behind.values()].flat(), ...this.#stack];
    this.#span = this.#behindCount > 0 ? 2 * this.#span : Math.max(firstSpan, this.#span / 2);
    this.#stack = all.sort((a, b) => a.position - b.position);
    this.#floor = this.#stack[0]?.position ?? this.#goal;
    this.#behind = null;
    this.#behindCount = 0;
  }
}
