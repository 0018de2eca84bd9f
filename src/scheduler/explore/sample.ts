// Some of the states that come by, spread evenly, however many there will be. Mirrors spec/07.

const most = 4000;

/** Keeps every n-th item; when there are too many, every other one goes and n doubles. */
export class Sample<T> {
  items: T[] = [];
  #every = 1;
  #seen = 0;

  offer(item: T): void {
    if (this.#seen % this.#every === 0) this.items.push(item);
    this.#seen += 1;
    if (this.items.length < most) return;
    this.items = this.items.filter((_, i) => i % 2 === 0);
    this.#every *= 2;
  }
}
