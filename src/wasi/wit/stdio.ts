// The interfaces of wasi:cli 0.3.0 that the host offers, as WIT. Mirrors spec/09.

/** The package; `write` is the function of stdout and stderr, which the variants differ in. */
export function cliWit(write: string): string {
  return `package wasi:cli@0.3.0;

interface types {
  enum error-code { io, illegal-byte-sequence, pipe }
}

interface stdin {
  use types.{error-code};

  read-via-stream: func() -> tuple<stream<u8>, future<result<_, error-code>>>;
}

interface stdout {
  use types.{error-code};

  ${write}
}

interface stderr {
  use types.{error-code};

  ${write}
}
`;
}
