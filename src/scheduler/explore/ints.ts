// A row of 32-bit integers that grows: what a search keeps of its nodes and edges. Mirrors spec/07.

export class Ints {
  items: Int32Array = new Int32Array(1024);
  length = 0;

  /** Gives the place of the new item. */
  push(n: number): number {
    if (this.length === this.items.length) this.#reserve(this.length * 2);
    this.items[this.length] = n;
    this.length += 1;
    return this.length - 1;
  }

  /** Appends `n` zeros. */
  extend(n: number): void {
    this.#reserve(this.length + n);
    this.length += n;
  }

  /** 0 where nothing is. */
  at(i: number): number {
    return this.items[i] ?? 0;
  }

  set(i: number, n: number): void {
    this.items[i] = n;
  }

  /** Also behind the end: what is skipped is 0. */
  put(i: number, n: number): void {
    if (i >= this.length) this.extend(i + 1 - this.length);
    this.items[i] = n;
  }

  /** The items themselves, not a copy. */
  view(): Int32Array {
    return this.items.subarray(0, this.length);
  }

  #reserve(length: number): void {
    if (length <= this.items.length) return;
    const bigger = new Int32Array(Math.max(length, this.items.length * 2));
    bigger.set(this.items);
    this.items = bigger;
  }
}
