// Socket addresses: as values, and what they may be used for. Mirrors spec/09 and wasi:sockets/types.

import type { CaseValue, RecordValue, Value } from "../../model/values.ts";
import type { Address, Family } from "../world.ts";

/** The interfaces of the world: everybody is on this machine. */
const loopback: Readonly<Record<Family, readonly number[]>> = {
  ipv4: [127, 0, 0, 1],
  ipv6: [0, 0, 0, 0, 0, 0, 0, 1],
};

const wildcard: Readonly<Record<Family, readonly number[]>> = {
  ipv4: [0, 0, 0, 0],
  ipv6: [0, 0, 0, 0, 0, 0, 0, 0],
};

function isCase(value: Value | undefined): value is CaseValue {
  return typeof value === "object" && "tag" in value && value.tag === "case";
}

/** The label of a value of a variant or an enum. */
function labelOf(value: Value | undefined): string {
  return isCase(value) ? value.label : "";
}

/** The payload of a value of a variant or an option; null if it has none. */
export function payloadOf(value: Value | undefined): Value | null {
  return isCase(value) ? value.value : null;
}

/** An `ip-address-family`. */
export function familyOf(value: Value | undefined): Family {
  return labelOf(value) === "ipv6" ? "ipv6" : "ipv4";
}

/** An `ip-socket-address`; flow and scope mean nothing on the loopback interface. */
export function addressOf(value: Value | undefined): Address {
  const { fields } = payloadOf(value) as RecordValue;
  const ip = (fields.address as readonly Value[]).map(Number);
  return { family: familyOf(value), ip, port: Number(fields.port) };
}

/** The other way round. */
export function addressValue({ family, ip, port }: Address): Value {
  const fields: Record<string, Value> =
    family === "ipv4"
      ? { port, address: [...ip] }
      : { port, "flow-info": 0, address: [...ip], "scope-id": 0 };
  return { tag: "case", label: family, value: { tag: "record", fields } };
}

/** Any address, any port. */
export function anyAddress(family: Family): Address {
  return { family, ip: wildcard[family], port: 0 };
}

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i]);
}

export function isWildcard({ family, ip }: Address): boolean {
  return isEqual(ip, wildcard[family]);
}

/** Whether the address is one of this machine's. */
export function isLocal({ family, ip }: Address): boolean {
  return isEqual(ip, loopback[family]);
}

export function isSameAddress(a: Address, b: Address): boolean {
  return a.family === b.family && a.port === b.port && isEqual(a.ip, b.ip);
}

/** Whether something sent to `target` reaches a socket that is bound to `local`. */
export function isReachedBy(local: Address, target: Address): boolean {
  return (
    isSameAddress(local, target) ||
    isSameAddress(local, { ...anyAddress(target.family), port: target.port })
  );
}

/** Whether two sockets that are bound so are in each other's way. */
export function isOverlapping(a: Address, b: Address): boolean {
  return isReachedBy(a, b) || isReachedBy(b, a);
}

/** Where a socket that is bound to `local` sends from: the interface that leads to the target, if any. */
export function sourceFor(local: Address, target: Address): Address {
  return isWildcard(local) && isLocal(target) ? { ...local, ip: target.ip } : local;
}

function isUnicast({ family, ip }: Address): boolean {
  const [first = 0] = ip;
  if (family === "ipv6") return first < 0xff00;
  return first < 224 || (first >= 240 && !isEqual(ip, [255, 255, 255, 255]));
}

/** ::ffff:0:0/96, which stands for IPv4. */
function isMapped({ family, ip }: Address): boolean {
  return family === "ipv6" && isEqual(ip.slice(0, 6), [0, 0, 0, 0, 0, 0xffff]);
}

/** Whether a socket of this family can be bound to the address, or could if it were local. */
export function isBindable(family: Family, address: Address): boolean {
  return address.family === family && isUnicast(address) && !isMapped(address);
}

/** Whether a socket of this family can connect, or send, to the address. */
export function isDestination(family: Family, address: Address): boolean {
  return isBindable(family, address) && !isWildcard(address) && address.port !== 0;
}
