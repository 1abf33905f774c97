/** Requests that belong to no call. */
import { tagOf } from './address.ts';
import type { SipContext } from './call.ts';
import type { SipRequest } from './drachtio-srf.ts';
import { allowLine } from './headers.ts';
import { refuse } from './inbound-call.ts';

/** Answers a request outside every dialog we know; docs/sip.md has the table. */
export function receiveOutOfDialog(context: SipContext, request: SipRequest): void {
  const { method, headers } = request.msg;
  if (method === 'ACK') return;
  if (method === 'OPTIONS' && tagOf(headers['to'] ?? '') === '') {
    const lines = `${allowLine}Accept: application/sdp\r\nSupported: 100rel, timer\r\n`;
    context.link.respond(request, 200, 'OK', lines, '');
    return;
  }
  context.counters.requestsRefused++;
  if (tagOf(headers['to'] ?? '') !== '' || method === 'BYE' || method === 'PRACK')
    refuse(context, request, 481);
  else refuse(context, request, 405, allowLine);
}
