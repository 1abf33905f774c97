import type { Peer } from '../context.ts';
import type { Core } from '../core.ts';
import type { ClientTransaction } from '../transaction/client-transaction.ts';

/** Tells a client of a request outside dialogs, with the listener it came in on. */
export function reportNewRequest(
  core: Core,
  client: number,
  transactionId: string,
  source: Peer,
  text: string,
): void {
  const { context } = core;
  const { listener } = source;
  context.wire.control(
    client,
    `${context.nextId()}|sip|network|${text.length}|${listener.transport}|${source.address}|${source.port}|${context.wire.timeOfDay()}|${transactionId}||${listener.address}|${listener.port}|\r\n${text}`,
  );
}

/** Tells a client of a request in a dialog, or of the CANCEL of a request it has. */
export function reportRequest(
  core: Core,
  client: number,
  transactionId: string,
  dialogId: string,
  source: Peer,
  text: string,
): void {
  const { context } = core;
  context.wire.control(
    client,
    `${context.nextId()}|sip|network|${text.length}|${source.listener.transport}|${source.address}|${source.port}|${context.wire.timeOfDay()}|${transactionId}|${dialogId}|\r\n${text}`,
  );
}

/** Tells a client of a response to a request it sent. */
export function reportResponse(core: Core, transaction: ClientTransaction, source: Peer, text: string): void {
  reportRequest(core, transaction.client, transaction.id, transaction.dialogId, source, text);
}

/** Tells a client of a response that the edge made up because none came. */
export function reportOwnResponse(core: Core, transaction: ClientTransaction, text: string): void {
  const { context } = core;
  context.wire.control(
    transaction.client,
    `${context.nextId()}|sip|network|0|${transaction.peer.listener.transport}|||${context.wire.timeOfDay()}|${transaction.id}|${transaction.dialogId}|\r\n${text}`,
  );
}

/** Tells a client of a BYE that the edge sent by itself. */
export function reportUnsolicited(
  core: Core,
  client: number,
  dialogId: string,
  peer: Peer,
  text: string,
): void {
  const { context } = core;
  context.wire.control(
    client,
    `${context.nextId()}|sip|application|${text.length}|${peer.listener.transport}|${peer.address}|${peer.port}|${context.wire.timeOfDay()}|unsolicited|${dialogId}|\r\n${text}`,
  );
}

/** Answers a client's frame: the request went out as `text`. */
export function replyRequestSent(
  core: Core,
  client: number,
  frameId: string,
  peer: Peer,
  transactionId: string,
  text: string,
): void {
  if (frameId === '') return;
  const { context } = core;
  context.wire.control(
    client,
    `${context.nextId()}|response|${frameId}|OK|application|${text.length}|${peer.listener.transport}|${peer.address}|${peer.port}|${context.wire.timeOfDay()}|${transactionId}|Msg sent:|\r\n${text}`,
  );
}

/** Answers a client's frame: the response went out as `text`. */
export function replyResponseSent(
  core: Core,
  client: number,
  frameId: string,
  peer: Peer,
  transactionId: string,
  dialogId: string,
  text: string,
): void {
  const { context } = core;
  context.wire.control(
    client,
    `${context.nextId()}|response|${frameId}|OK|application|${text.length}|${peer.listener.transport}|${peer.address}|${peer.port}|${context.wire.timeOfDay()}|${transactionId}|${dialogId}||Msg sent:|\r\n${text}`,
  );
}

/** Answers a client's frame: nothing went out. */
export function replyFailed(core: Core, client: number, frameId: string, reason: string): void {
  core.context.counters.add('client_messages_refused');
  core.context.wire.control(client, `${core.context.nextId()}|response|${frameId}|NOK|${reason}`);
}

/** Tells every client that asked for it of a step in a call's life. `meta` is what follows the source. */
export function reportCdr(
  core: Core,
  event: 'attempt' | 'start' | 'stop',
  source: 'network' | 'application',
  text: string,
  detail = '',
): void {
  const wanting = core.control.wanting(`cdr:${event}`);
  if (wanting.length === 0) return;
  const { context } = core;
  const meta = detail === '' ? '' : `|${detail}`;
  for (const client of wanting) {
    context.wire.control(
      client,
      `${context.nextId()}|cdr:${event}|${source}|${context.wire.timeOfDay()}${meta}|\r\n${text}`,
    );
  }
}
