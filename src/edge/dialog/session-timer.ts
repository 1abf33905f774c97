import { DIALOG_IDLE_MS, MIN_SESSION_SECONDS, TRANSACTION_LIFE_MS } from '../context.ts';
import type { Core } from '../core.ts';
import { leadingNumber, parameter } from '../message/fields.ts';
import { H } from '../message/header-names.ts';
import type { SipMessage } from '../message/message.ts';
import type { Dialog } from './dialog.ts';
import { hangUp } from './hang-up.ts';
import { sendOwnRequest } from './in-dialog.ts';

/** The wait of RFC 3261 §14.1 after a glare lies between 2.1 and 4 s for us; other failures get the same. */
const FAILED_RETRY_MS = 3_000;
const BUSY_RETRY_MS = 5_000;

/**
 * Takes the session interval from a 2xx to INVITE or UPDATE (RFC 4028 §7, §9). `sentByUs` tells which side of the
 * transaction answered: the refresher parameter names the role in this transaction, not in the dialog.
 * Any 2xx without Session-Expires ends the supervision.
 */
export function armSession(core: Core, dialog: Dialog, answer: SipMessage, sentByUs: boolean): void {
  if (dialog.method !== 'INVITE' || dialog.state !== 'confirmed') return;
  const value = answer.first(H.sessionExpires);
  const seconds = value === '' ? -1 : leadingNumber(value);
  if (seconds < 0) {
    dialog.session = null;
    touch(core, dialog);
    return;
  }
  const refresher = (parameter(value, 'refresher') ?? (sentByUs ? 'uac' : 'uas')).toLowerCase();
  const refreshedByUs = sentByUs ? refresher === 'uas' : refresher === 'uac';
  const intervalSeconds = Math.max(seconds, MIN_SESSION_SECONDS);
  const interval = intervalSeconds * 1000;
  // The BYE goes out a third of the interval, at most 32 s, before the session would end (RFC 4028 §10).
  const endsAt = core.context.now + interval - Math.min(32_000, interval / 3);
  dialog.session = { intervalSeconds, refreshedByUs, endsAt };
  schedule(core, dialog);
}

function schedule(core: Core, dialog: Dialog): void {
  const { session } = dialog;
  if (session === null) return;
  if (session.refreshedByUs) {
    dialog.purpose = 'refresh';
    core.context.timers.set(dialog.timer, core.context.now + session.intervalSeconds * 500);
  } else {
    dialog.purpose = 'expire';
    core.context.timers.set(dialog.timer, session.endsAt);
  }
}

/** A message of the dialog was seen: it is not idle. */
export function touch(core: Core, dialog: Dialog): void {
  if (dialog.session !== null || dialog.state === 'ended') return;
  dialog.purpose = 'idle';
  core.context.timers.set(dialog.timer, core.context.now + DIALOG_IDLE_MS);
}

/** The BYE was challenged: if the client does not send it again the dialog is not kept for a day. */
export function expireSoon(core: Core, dialog: Dialog): void {
  dialog.purpose = 'idle';
  core.context.timers.set(dialog.timer, core.context.now + 2 * TRANSACTION_LIFE_MS);
}

/** The timer of a dialog fired. */
export function onDialogTimer(core: Core, dialog: Dialog): void {
  if (dialog.purpose === 'idle' || dialog.state !== 'confirmed') {
    core.context.counters.add('dialogs_expired');
    core.dialogs.remove(dialog);
    return;
  }
  if (dialog.purpose === 'expire') {
    core.context.counters.add('sessions_expired');
    hangUp(core, dialog, 'Session timer expired', true);
    return;
  }
  refresh(core, dialog);
}

function refresh(core: Core, dialog: Dialog): void {
  const { session } = dialog;
  if (session === null) return;
  // Whatever comes of the refresh: without a 2xx the session ends when its interval is over.
  dialog.purpose = 'expire';
  core.context.timers.set(dialog.timer, session.endsAt);
  if (dialog.clientInvite !== null || dialog.serverInvite !== null) {
    refreshAgain(core, dialog, BUSY_RETRY_MS);
    return;
  }
  core.context.counters.add('sessions_refreshed');
  const type = dialog.localBody === '' ? '' : 'Content-Type: application/sdp\r\n';
  const headers = `Contact: ${dialog.localContact}\r\nSupported: timer\r\nSession-Expires: ${session.intervalSeconds};refresher=uac\r\n${type}`;
  sendOwnRequest(core, dialog, 'INVITE', headers, dialog.localBody, core.ownUser, () => undefined);
}

/** The refresh could not be sent, or failed: once more after `waitMs`, while the session lasts. */
export function refreshAgain(core: Core, dialog: Dialog, waitMs = FAILED_RETRY_MS): void {
  const { session, state } = dialog;
  const at = core.context.now + waitMs;
  if (session === null || state !== 'confirmed' || !session.refreshedByUs || at >= session.endsAt) return;
  dialog.purpose = 'refresh';
  core.context.timers.set(dialog.timer, at);
}

/** True for a re-INVITE or UPDATE whose session interval is below what we accept. */
export function isIntervalTooSmall(request: SipMessage): boolean {
  const value = request.first(H.sessionExpires);
  if (value === '') return false;
  const seconds = leadingNumber(value);
  return seconds >= 0 && seconds < MIN_SESSION_SECONDS;
}
