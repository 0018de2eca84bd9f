// Every kind of operation with what it does. Mirrors spec/09.

import { fileOperations } from "./files/operations.ts";
import type { Behaviour } from "./operation.ts";
import { socketOperations } from "./sockets/operations.ts";
import { stdioOperations } from "./stdio/operations.ts";
import type { OperationKind } from "./world.ts";

export const behaviours: Readonly<Record<OperationKind, Behaviour>> = {
  ...fileOperations,
  ...socketOperations,
  ...stdioOperations,
};
