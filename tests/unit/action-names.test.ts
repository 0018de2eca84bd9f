// The names of choices: a schedule is made of them, so each kind and place has a stable one.

import { describe, expect, test } from "vitest";
import { exploreText } from "./scenario-harness.ts";

const twoCalls = `scenario "t"
component A {
  export f: async func() stackful { thread.yield; log "f"; task.return }
}
run A.f as x
run A.f as y
`;

const threadsOfOneTask = `scenario "t"
component A {
  func t(i) { thread.yield; log i }
  export f: async func() stackful {
    let a = thread.new-indirect t 1
    let b = thread.new-indirect t 2
    let c = thread.new-indirect t 3
    thread.resume-later a
    thread.resume-later b
    thread.resume-later c
    task.return
  }
}
run A.f as x
`;

const oneAfterTheOther = `scenario "t"
component B {
  export f: async func() stackful { thread.yield; task.return }
}
component A {
  import B
  export run: async func() sync { B.f(); B.f() }
}
run A.run as x
`;

const events = `scenario "t"
component B {
  export f: async func(g: future<u8>) sync { future.read g }
}
component A {
  import B
  export f: async func() sync {
    let ws = waitable-set.new
    let r1, w1 = stream.new
    let r2, w2 = stream.new
    let fr1, fw1 = future.new
    let fr2, fw2 = future.new
    async stream.read r1 1
    async stream.write w2 "a"
    async future.read fr1
    async future.write fw2 1
    stream.write w1 "a"
    stream.read r2 1
    future.write fw1 1
    future.read fr2
    let gr, gw = future.new
    let _, sub = async B.f(gr)
    future.write gw 0
    waitable.join r1 ws
    waitable.join w2 ws
    waitable.join fr1 ws
    waitable.join fw2 ws
    waitable.join sub ws
    thread.yield
    let e, i, p = waitable-set.poll ws
    log "{e} {i} {p}"
  }
}
run A.f as x
`;

const drive = `scenario "t"
component A {
  var w = 0
  export helper: async func(f: future<u8>, i: u8) stackful {
    future.read f
    log i
    if w != 0 { let mine = w; w = 0; future.write mine 0 }
    task.return
  }
  export f: func() {
    let r, writer = future.new
    w = writer
    future.read r
  }
}
component B {
  import A
  export run: async func() sync {
    let r1, w1 = future.new
    let r2, w2 = future.new
    let _, _ = async A.helper(r1, 1)
    let _, _ = async A.helper(r2, 2)
    future.write w1 0
    future.write w2 0
    A.f()
    log "back"
  }
}
run B.run as x
`;

const choose = `scenario "t"
component A {
  export f: func() { choose { log 1 } or { log 2 } or { log 3 } }
}
run A.f as x
`;

const message = `scenario "t"
component A {
  export f: func() { log error-context.debug-message (error-context.new "hi") }
}
run A.f as x
`;

const cancels = (policy: string): string => `scenario "t"
component A {
  import host
  export f: async func() sync {
    let r, w = stream.new
    host.take(r)
    async stream.write w "ab"
    let result = async stream.cancel-write w
    log result
    if result == BLOCKED {
      let ws = waitable-set.new
      waitable.join w ws
      let _, _, later = waitable-set.wait ws
      log later
    }
  }
}
host {
  cancels copies ${policy}
  var x = 0
  func take: func(s: stream<u8>) { }
  process p { x = 1 }
}
run A.f as x
`;

const told = `scenario "t"
component B {
  func t(i) { log "thread {thread.suspend cancellable}"; task.cancel }
  export f: async func() stackful {
    let i = thread.new-indirect t 1
    thread.yield-then-resume i
    log "f {thread.suspend cancellable}"
    task.cancel
  }
}
component A {
  import B
  export run: async func() sync {
    let _, call = async B.f()
    thread.yield
    log async subtask.cancel call
  }
}
run A.run as x
`;

const pendingYield = `scenario "t"
component B {
  export f: async func(g: future<u8>) stackful { future.read g; thread.yield cancellable; task.cancel }
}
component A {
  import B
  export run: async func() sync {
    let r, w = future.new
    let _, call = async B.f(r)
    async subtask.cancel call
    future.write w 0
    let ws = waitable-set.new
    waitable.join call ws
    waitable-set.wait ws
  }
}
run A.run as x
`;

const nothingToWaitFor = `scenario "t"
component A {
  export worker: async func(f: future<u8>) stackful { future.read f; task.return }
  export g: func() { log "g" }
}
component B {
  import A
  export run: async func() sync {
    let r1, w1 = future.new
    let r2, w2 = future.new
    let _, _ = async A.worker(r1)
    let _, _ = async A.worker(r2)
    future.write w1 0
    future.write w2 0
    A.g()
  }
}
run B.run as x
`;

describe("a thread", () => {
  test("is named after its task; the second one at a time has a number", () => {
    const { offered, outcomes } = exploreText(twoCalls);
    expect(offered).toEqual([
      "block A.f",
      "block A.f#2",
      "go-on A.f",
      "go-on A.f#2",
      "resume A.f",
      "resume A.f#2",
      "resume x",
      "resume y",
    ]);
    expect(outcomes).toContain("[f, f]  by default");
  });
  test("has the least number that is free", () => {
    expect(exploreText(threadsOfOneTask).offered).toEqual([
      "block A.f/thread",
      "block A.f/thread#2",
      "block A.f/thread#3",
      "go-on A.f/thread",
      "go-on A.f/thread#2",
      "go-on A.f/thread#3",
      "resume A.f/thread",
      "resume A.f/thread#2",
      "resume A.f/thread#3",
    ]);
  });
  test("leaves its name to the next one", () => {
    const { offered } = exploreText(oneAfterTheOther);
    expect(offered).toEqual(["block B.f", "go-on B.f"]);
  });
});

describe("an event", () => {
  test("is named after the waitable: its owner, its kind and its index", () => {
    const { offered, outcomes } = exploreText(events);
    expect(offered.filter((name) => name.startsWith("event"))).toEqual([
      "event A/fr6",
      "event A/fw9",
      "event A/r2",
      "event A/subtask10",
      "event A/w5",
    ]);
    expect(outcomes).toEqual([
      "[FUTURE_READ 6 COMPLETED|0]  by event A/fr6#1",
      "[FUTURE_WRITE 9 COMPLETED|0]  by event A/fw9#1",
      "[STREAM_READ 2 COMPLETED|1]  by default",
      "[STREAM_WRITE 5 COMPLETED|1]  by event A/w5#1",
      "[SUBTASK 10 RETURNED]  by resume B.f#1; event A/subtask10#1",
    ]);
  });
});

describe("a blocked sync-typed call", () => {
  for (const revision of ["d1daf829", "6d28164"]) {
    test(`names those that may run, itself among them when it is ready, under ${revision}`, () => {
      const { offered, outcomes } = exploreText(drive, { revision });
      expect(offered.filter((name) => name.startsWith("drive"))).toEqual([
        "drive A.f",
        "drive A.helper",
        "drive A.helper#2",
      ]);
      expect(outcomes).toEqual([
        "[1, 2, back]  by default",
        "[1, back, 2]  by drive A.f#1",
        "[2, 1, back]  by drive A.helper#2#1",
        "[2, back, 1]  by drive A.helper#2#1; drive A.f#1",
      ]);
    });
  }
});

describe("a sync-typed call that has returned", () => {
  test("lets nobody run", () => {
    const { offered } = exploreText(nothingToWaitFor);
    expect(offered).toEqual(["resume A.worker", "resume A.worker#2"]);
  });
});

describe("a choice of the guest", () => {
  test("names the thread and the option", () => {
    const { offered, outcomes } = exploreText(choose);
    expect(offered).toEqual([1, 2, 3].map((n) => `choose A.f option ${n}`));
    expect(outcomes[1]).toBe("[2]  by choose A.f option 2#1");
  });
});

describe("a choice of the host", () => {
  test("is to forget a message, by default, or to keep it", () => {
    const { offered, outcomes } = exploreText(message);
    expect(offered).toEqual(["forget-message A.f", "keep-message A.f"]);
    expect(outcomes).toEqual(["[]  by default", "[hi]  by keep-message A.f#1"]);
  });
  const now = "[CANCELLED|0]  by default";
  const later = "[BLOCKED, CANCELLED|0]";
  test("is to answer a cancelled copy at once, by default, or later", () => {
    const { offered, outcomes } = exploreText(cancels("either"));
    expect(offered).toContain("cancel-now A/w2");
    expect(offered).toContain("cancel-later A/w2");
    expect(outcomes).toEqual([`${later}  by cancel-later A/w2#1`, now]);
  });
  test("is none if the host answers at once", () => {
    const { offered, outcomes } = exploreText(cancels("at once"));
    expect(offered).toEqual(["resume p", "resume x"]);
    expect(outcomes).toEqual([now]);
  });
  test("is when to answer if it answers later", () => {
    const { offered, outcomes } = exploreText(cancels("later"));
    expect(offered).toEqual(["complete-cancel A/w2", "resume A.f", "resume p", "resume x"]);
    expect(outcomes).toEqual([`${later}  by default`]);
  });
});

describe("before CM#716", () => {
  test("a cancel names the thread that it tells", () => {
    const { offered, outcomes } = exploreText(told, { revision: "6d28164" });
    expect(offered.filter((name) => name.startsWith("cancel"))).toEqual([
      "cancel B.f",
      "cancel B.f/thread",
    ]);
    expect(outcomes).toContain("[f 1, CANCELLED_BEFORE_RETURNED]  by resume B.f#1");
    expect(outcomes).toContain("[thread 1, CANCELLED_BEFORE_RETURNED]  by default");
  });
  test("a thread that is told as it yields has no choice", () => {
    expect(exploreText(pendingYield, { revision: "6d28164" }).offered).toEqual([]);
    expect(exploreText(pendingYield).offered).toEqual(["block B.f", "go-on B.f"]);
  });
  test("it names nobody afterwards", () => {
    const { offered } = exploreText(told);
    expect(offered.filter((name) => name.startsWith("cancel"))).toEqual([]);
  });
});
