// The interfaces of wasi:cli 0.3.0 that the host offers, as WIT. Mirrors spec/09.

/** The package; `write` is the function of stdout and stderr, which the variants differ in. */
export function cliWit(write: string): string {
  return `package wasi:cli@0.3.0;

interface types {
  enum error-code { io, illegal-byte-sequence, pipe }
}

interface environment {
  get-environment: func() -> list<tuple<string, string>>;
  get-arguments: func() -> list<string>;
  get-initial-cwd: func() -> option<string>;
}

interface exit {
  exit: func(status: result);
  exit-with-code: func(status-code: u8);
}

interface terminal-input {
  resource terminal-input;
}

interface terminal-output {
  resource terminal-output;
}

interface terminal-stdin {
  use terminal-input.{terminal-input};

  get-terminal-stdin: func() -> option<terminal-input>;
}

interface terminal-stdout {
  use terminal-output.{terminal-output};

  get-terminal-stdout: func() -> option<terminal-output>;
}

interface terminal-stderr {
  use terminal-output.{terminal-output};

  get-terminal-stderr: func() -> option<terminal-output>;
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
