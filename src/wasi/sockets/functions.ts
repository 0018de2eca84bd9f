// The functions of wasi:sockets. Mirrors spec/09 and wasi:sockets/types.

import type { Bodies } from "../host.ts";
import { consumingFunctions } from "./split.ts";
import { tcpFunctions } from "./tcp-functions.ts";
import { udpFunctions } from "./udp-functions.ts";

export const socketFunctions: Bodies = { ...tcpFunctions, ...consumingFunctions, ...udpFunctions };
