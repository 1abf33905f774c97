import { parseRAck } from '../message/fields.ts';
import { H } from '../message/header-names.ts';
import type { SipMessage } from '../message/message.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { Dialog } from './dialog.ts';
import { isIntervalTooSmall } from './session-timer.ts';

/** The INVITE that began this dialog, while nobody has told its caller of an answer. */
export function unansweredInvite(dialog: Dialog): ServerTransaction | null {
  const invite = dialog.isServer ? dialog.serverInvite : null;
  if (invite === null) return null;
  return dialog.state === 'early' || invite.heldAnswer !== '' ? invite : null;
}

interface Refusal {
  readonly status: number;
  readonly extra: string;
}

/** What the edge answers itself in a dialog: out-of-order, glare, short session intervals, unknown PRACKs. */
export function dialogRefusal(dialog: Dialog, message: SipMessage, cseq: number): Refusal | null {
  const { method } = message;
  if (dialog.remoteCseq >= 0 && cseq < dialog.remoteCseq) return { status: 500, extra: '' };
  if (method === 'PRACK') {
    const rack = parseRAck(message.first(H.rack));
    const reliable = dialog.serverInvite?.reliable ?? null;
    if (rack === null || reliable === null || rack.rseq !== reliable.rseq) return { status: 481, extra: '' };
    return null;
  }
  if (method === 'INVITE') {
    if (dialog.state === 'early' || dialog.serverInvite?.state === 'proceeding') {
      return { status: 500, extra: `Retry-After: ${1 + (cseq % 9)}\r\n` };
    }
    if (dialog.clientInvite !== null) return { status: 491, extra: '' };
  }
  if ((method === 'INVITE' || method === 'UPDATE') && isIntervalTooSmall(message)) {
    return { status: 422, extra: 'Min-SE: 90\r\n' };
  }
  return null;
}
