import type { Peer } from '../context.ts';
import type { Via } from './fields.ts';
import { H } from './header-names.ts';
import type { SipMessage } from './message.ts';
import { bareHost } from './uri.ts';

/** The Via lines of a response to `request`: as received, the top one with `received` and `rport` (RFC 3261 §18.2.1, RFC 3581 §4). */
export function responseVias(request: SipMessage, via: Via, peer: Peer): string {
  const topIndex = request.indexOf(H.via);
  const top = request.valueAt(topIndex);
  let text = `Via: ${markedVia(top, via, peer)}\r\n`;
  for (let i = topIndex + 1; i < request.ids.length; i++) {
    if (request.ids[i] === H.via) text += `Via: ${request.valueAt(i)}\r\n`;
  }
  return text;
}

function markedVia(value: string, via: Via, peer: Peer): string {
  const received = via.wantsPort || bareHost(via.host) !== peer.address;
  if (!received) return value;
  const own = value.slice(0, via.end);
  const rest = value.slice(via.end);
  const marked = via.wantsPort ? setPort(own, via, peer.port) : own;
  return `${marked};received=${peer.address}${rest}`;
}

function setPort(own: string, via: Via, port: number): string {
  const lower = own.toLowerCase();
  let at = lower.indexOf(';rport', via.sentByEnd);
  while (at >= 0) {
    const after = lower.charCodeAt(at + 6);
    if (Number.isNaN(after) || after === 59 || after === 61 || after === 32) {
      let end = own.indexOf(';', at + 1);
      if (end < 0) end = own.length;
      return `${own.slice(0, at)};rport=${port}${own.slice(end)}`;
    }
    at = lower.indexOf(';rport', at + 1);
  }
  return own;
}

/** Where the response goes: to the connection or, over UDP, to the source port or the port of the Via. */
export function responsePeer(via: Via, peer: Peer): Peer {
  if (peer.listener.transport === 'tcp') return peer;
  if (via.wantsPort) return peer;
  const port = via.port === 0 ? 5060 : via.port;
  if (port === peer.port) return peer;
  return { listener: peer.listener, address: peer.address, port, connection: 0 };
}

/** The name of the server transaction a request belongs to (RFC 3261 §17.2.3); ACK has that of its INVITE. */
export function serverKey(request: SipMessage, via: Via, method: string): string {
  const kind = method === 'ACK' ? 'INVITE' : method;
  if (via.branch.startsWith('z9hG4bK') && via.branch.length > 7) {
    return `${via.branch}|${via.host}:${via.port}|${kind}`;
  }
  // An RFC 2543 peer: no unique branch, so what else stays the same in a retransmission and in the ACK.
  return `${request.first(H.callId)}|${request.first(H.from)}|${parseInt(request.first(H.cseq), 10)}|${via.host}:${via.port}|${kind}`;
}

/** False when a request has more Via values than any honest path (or a loop) would have left. */
export function isViaSane(request: SipMessage, maximum: number): boolean {
  let count = 0;
  for (let i = 0; i < request.ids.length; i++) {
    if (request.ids[i] !== H.via) continue;
    count++;
    const value = request.valueAt(i);
    for (let at = value.indexOf(','); at >= 0; at = value.indexOf(',', at + 1)) count++;
    if (count > maximum) return false;
  }
  return true;
}
