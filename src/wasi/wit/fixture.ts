// The host as a test sees it: what is on disk and open, and what the outside does. Mirrors spec/09.

export const fixtureWit: string = `package canon-async:testing@0.1.0;

interface fixture {
  use wasi:filesystem/types@0.3.0.{descriptor};
  use wasi:sockets/types@0.3.0.{tcp-socket};

  /// Locks the file for the open file description behind the descriptor; false if another has it.
  lock: func(file: borrow<descriptor>, exclusive: bool) -> bool;
  /// Whether anybody has a lock on the file at this path.
  locked: func(path: string) -> bool;
  /// What is in the file at this path; the empty text if there is none.
  content: func(path: string) -> string;
  /// Whether the path names something.
  exists: func(path: string) -> bool;
  /// How many inodes there are, those without a name included.
  inodes: func() -> u32;
  /// How many open file descriptions there are, the preopened directories included.
  files: func() -> u32;
  /// How many TCP sockets are open.
  sockets: func() -> u32;
  /// How many operations the host still knows of.
  operations: func() -> u32;
  /// Two sockets on 127.0.0.1 with a connection; the second one is that of the side at this port.
  connected: func(port: u16) -> tuple<tcp-socket, tcp-socket>;
  /// Whether a socket stands in the way of binding this port.
  port-busy: func(port: u16) -> bool;
  /// Bytes arrive on stdin.
  stdin-send: func(text: string);
  /// Nothing will arrive on stdin any more.
  stdin-close: func();
  /// Reading stdin fails from now on, once what has arrived is read.
  stdin-fail: func();
  /// What has come out of stdout.
  stdout: func() -> string;
  /// What has come out of stderr.
  stderr: func() -> string;
  /// Nobody reads stdout any more.
  stdout-break: func();
  /// The host's policy refuses the function of this name, such as \`listen\`, or allows it again.
  deny: func(name: string, denied: bool);
  /// The connection of the socket at this local port is reset by its peer's side.
  reset: func(port: u16);
  /// Returns when nothing else can happen unless time passes.
  idle: async func();
}
`;
