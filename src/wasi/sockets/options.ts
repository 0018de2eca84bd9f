// The options of sockets: their defaults, and what they may be set to. Mirrors spec/09 and wasi:sockets/types.

import type { Tcp, Udp } from "../world.ts";

type OptionValue = boolean | number | bigint;

const second = 1_000_000_000n;

/** Buffers are small, so that it shows in a small program when one is full. */
const buffer = 8n;

export type OptionName =
  | "keep-alive-enabled"
  | "keep-alive-idle-time"
  | "keep-alive-interval"
  | "keep-alive-count"
  | "hop-limit"
  | "unicast-hop-limit"
  | "receive-buffer-size"
  | "send-buffer-size";

/** Times in nanoseconds, sizes in bytes. */
const defaults: Readonly<Record<OptionName, OptionValue>> = {
  "keep-alive-enabled": false,
  "keep-alive-idle-time": 7200n * second,
  "keep-alive-interval": 75n * second,
  "keep-alive-count": 9,
  "hop-limit": 64,
  "unicast-hop-limit": 64,
  "receive-buffer-size": buffer,
  "send-buffer-size": buffer,
};

export const tcpOptions: readonly OptionName[] = [
  "keep-alive-enabled",
  "keep-alive-idle-time",
  "keep-alive-interval",
  "keep-alive-count",
  "hop-limit",
  "receive-buffer-size",
  "send-buffer-size",
];

export const udpOptions: readonly OptionName[] = [
  "unicast-hop-limit",
  "receive-buffer-size",
  "send-buffer-size",
];

/** The most that a buffer holds: larger sizes are accepted, and cut. */
const largest = 65_536n;

export function optionOf({ options }: Tcp | Udp, name: OptionName): OptionValue {
  return options[name] ?? defaults[name];
}

/** Sets an option; false if the value is 0 and may not be. */
export function setOption({ options }: Tcp | Udp, name: OptionName, value: OptionValue): boolean {
  if (value === 0 || value === 0n) return false;
  const isSize = name.endsWith("-size") && (value as bigint) > largest;
  options[name] = isSize ? largest : value;
  return true;
}
