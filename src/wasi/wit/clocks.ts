// The interfaces of wasi:clocks 0.3.0 that the host offers, as WIT. Mirrors spec/09.

export const clocksWit: string = `package wasi:clocks@0.3.0;

interface types {
  type duration = u64;
}

interface monotonic-clock {
  use types.{duration};

  type mark = u64;

  now: func() -> mark;
  get-resolution: func() -> duration;
  wait-until: async func(when: mark);
  wait-for: async func(how-long: duration);
}

interface system-clock {
  use types.{duration};

  record instant { seconds: s64, nanoseconds: u32 }

  now: func() -> instant;
  get-resolution: func() -> duration;
}
`;
