import type { Context } from './context.ts';
import type { ControlClients } from './control/control-clients.ts';
import type { Dialogs } from './dialog/dialog.ts';
import type { ClientTransactions, ClientUser } from './transaction/client-transaction.ts';
import type { ServerTransactions } from './transaction/server-transaction.ts';
import type { Sources } from './user-agent/sources.ts';

/** The state of one edge. The machines are functions over it; none of them does any I/O. */
export interface Core {
  readonly context: Context;
  readonly control: ControlClients;
  readonly servers: ServerTransactions;
  readonly clients: ClientTransactions;
  readonly dialogs: Dialogs;
  readonly sources: Sources;
  /** Dialogs that were proxied and that we stay in, with the time when they are forgotten. */
  readonly proxied: Map<string, number>;
  readonly secretDigest: Buffer;
  /** Begins every branch of this process, so that stray answers can be told from forgeries. */
  readonly branchPrefix: string;
  /** Who hears of the failures of requests that a control client sent. */
  readonly requestUser: ClientUser;
  /** Who hears of the failures of the edge's own requests. */
  readonly ownUser: ClientUser;
  /** Who hears of the failures of proxied requests. */
  readonly proxyUser: ClientUser;
}

/** A branch for a new request: whoever has seen one can guess no other. */
export function freshBranch(core: Core): string {
  return core.branchPrefix + core.context.wire.random().slice(0, 16);
}
