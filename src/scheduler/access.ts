// What a step read and wrote, as bits: two steps that share nothing written commute. Mirrors spec/07.

/** Ids from this one on share the last bit: they conflict more often than they must. */
const lastBit = 31;

/**
 * Reads and writes of one step by kind (0 .. 15) and id. What a step created itself is not reported:
 * nobody else can have seen it.
 */
export class AccessSet {
  readonly reads: Int32Array = new Int32Array(16);
  readonly writes: Int32Array = new Int32Array(16);
  /** Ids of the actions that the step took on its own, since nothing else was enabled. */
  readonly took: string[] = [];

  clear(): void {
    this.reads.fill(0);
    this.writes.fill(0);
    this.took.length = 0;
  }

  /** Nothing reported: then nothing is known of the step. */
  isEmpty(): boolean {
    for (let kind = 0; kind < 16; kind++) {
      if (((this.reads[kind] ?? 0) | (this.writes[kind] ?? 0)) !== 0) return false;
    }
    return true;
  }

  read(kind: number, id: number): void {
    this.reads[kind] = (this.reads[kind] ?? 0) | (1 << Math.min(id, lastBit));
  }

  write(kind: number, id: number): void {
    this.writes[kind] = (this.writes[kind] ?? 0) | (1 << Math.min(id, lastBit));
  }

  /** For a step that concerns everything, such as one that ends the run. */
  writeAll(): void {
    this.writes.fill(-1);
  }

  copy(): AccessSet {
    const same = new AccessSet();
    same.reads.set(this.reads);
    same.writes.set(this.writes);
    return same;
  }

  /** Whether the order of the two steps may matter. */
  conflicts(other: AccessSet): boolean {
    for (let kind = 0; kind < 16; kind++) {
      const mine = this.writes[kind] ?? 0;
      const theirs = other.writes[kind] ?? 0;
      if ((mine & (theirs | (other.reads[kind] ?? 0))) !== 0) return true;
      if ((theirs & (this.reads[kind] ?? 0)) !== 0) return true;
    }
    return false;
  }
}
