import { reportCdr, reportUnsolicited } from '../control/reports.ts';
import type { Core } from '../core.ts';
import type { Dialog } from './dialog.ts';
import { sendOwnRequest } from './in-dialog.ts';

/** Why the edge hangs up by itself; the text reaches the peer and the client in the BYE's Reason header. */
export type HangUpReason = 'ACK timeout' | 'CANCEL after 200 OK' | 'Session timer expired' | 'client gone';

/**
 * Ends a confirmed dialog with a BYE of the edge's own. `tell` sends the client an unsolicited BYE, so that it knows
 * that the dialog is over.
 */
export function hangUp(core: Core, dialog: Dialog, reason: HangUpReason, tell: boolean): void {
  if (dialog.state === 'ending' || dialog.state === 'ended') return;
  dialog.state = 'ending';
  core.context.counters.add('byes_sent_unasked');
  dialog.serverInvite?.acknowledgeAnswer();
  dialog.serverInvite = null;
  const headers = `Reason: SIP ;cause=200 ;text="${reason}"\r\n`;
  sendOwnRequest(core, dialog, 'BYE', headers, '', core.ownUser, (text, peer) => {
    if (tell && core.control.isAlive(dialog.client))
      reportUnsolicited(core, dialog.client, dialog.id, peer, text);
    const detail = reason === 'Session timer expired' ? 'session-expired' : 'system-initiated-termination';
    reportCdr(core, 'stop', 'application', text, detail);
  });
}
