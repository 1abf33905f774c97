/** Asks gateways by OPTIONS, outside of any dialog, whether they are there (RFC 3261 §11). */
import type { SendOptionsOutput } from '../call/outputs.ts';
import { uriHost } from './address.ts';
import type { SipContext } from './call.ts';
import type { SipResponse } from './drachtio-srf.ts';
import { allowLine, line } from './headers.ts';
import type { SipInput } from './port.ts';

type Result = Omit<Extract<SipInput, { type: 'optionsResult' }>, 'type' | 'gateway' | 'request'>;

/** Of a request whose fate is open; the SIP server tells it within timer F (32 s), or its connection is lost. */
const notSent: Result = { outcome: 'notSent', status: null };
const timeout: Result = { outcome: 'timeout', status: null };
const unreachable: Result = { outcome: 'unreachable', status: null };

export function optionsNotSent({ gateway, request }: SendOptionsOutput): SipInput {
  return { type: 'optionsResult', gateway, request, ...notSent };
}

/** Sends one OPTIONS and tells what becomes of it, later and once. */
export function sendOptions(context: SipContext, output: SendOptionsOutput): void {
  const { gateway, request, address } = output;
  const host = uriHost(address.host);
  const uri = `sip:${host}:${address.port}${address.transport === 'tcp' ? ';transport=tcp' : ''}`;
  const lines =
    `From: <sip:ping@localhost>\r\nTo: <sip:${host}>\r\nContact: <sip:ping@localhost>\r\n` +
    `Max-Forwards: 70\r\nAccept: application/sdp\r\n${allowLine}` +
    (context.userAgent === '' ? '' : line('User-Agent', context.userAgent));
  const tell = (result: Result): void =>
    context.deliver({ type: 'optionsResult', gateway, request, ...result });
  context.counters.optionsSent++;
  context.link.request('OPTIONS', uri, lines, '', '', {
    onResponse: response => {
      if (response.msg.status < 200) return;
      if (response.source_address) context.heardGateways.heard(gateway);
      tell(resultOf(response));
    },
    onRefused: () => {
      context.counters.sendFailures++;
      tell(context.link.isReady ? unreachable : notSent);
    },
  });
}

/** Responses that the SIP server made itself name no peer. */
function resultOf({ source_address, msg: { status } }: SipResponse): Result {
  if (source_address) return { outcome: 'response', status };
  return status === 408 ? timeout : unreachable;
}
