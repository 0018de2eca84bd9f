// The same streams with mistakes that are easy to make, and hard to find by hand.

import { type End, Streams, type WaitableSet } from "./streams.ts";

/** An event is lost when its waitable moves to another set. */
export class LosesEvents extends Streams {
  protected override join(entry: End | WaitableSet, set: WaitableSet | null): undefined {
    super.join(entry, set);
    if (entry.tag === "end") entry.news = null;
  }
}

/** A cancel says that nothing was copied, whatever was copied before. */
export class ForgetsProgress extends Streams {
  protected override stop(end: End): void {
    end.news = 0;
  }
}

/** An end whose peer was dropped can be used again after it was told so. */
export class NeverDone extends Streams {
  protected override take(end: End): number {
    const result = super.take(end);
    if (end.state === "done") end.state = "idle";
    return result;
  }
}

/** A thread that waits on a set sticks to the member that woke it, though another thread may have taken its event. */
export class TakesTwice extends Streams {
  protected override async wait(set: WaitableSet, at: number): Promise<number> {
    let woken: End | undefined;
    set.waiting += 1;
    await this.until(() => {
      woken ??= this.next(set);
      return woken !== undefined;
    });
    set.waiting -= 1;
    return this.deliver(woken, at);
  }
}
