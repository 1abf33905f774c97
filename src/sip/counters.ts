/**
 * Counters of SIP traffic by stable name; docs/sip.md says what each means. Plain fields, because they stand on the
 * hot path.
 */
export class SipCounters {
  invitesReceived = 0;
  invitesRefused = 0;
  invitesSent = 0;
  optionsSent = 0;
  callsAnswered = 0;
  requestsRelayed = 0;
  requestsRefused = 0;
  glare = 0;
  hangUpsSent = 0;
  cancelsSent = 0;
  crossedAnswers = 0;
  sendFailures = 0;
  connectionsLost = 0;

  /** The counters by the names that `class4 status` shows. */
  entries(): Record<string, number> {
    return {
      invites_received: this.invitesReceived,
      invites_refused: this.invitesRefused,
      invites_sent: this.invitesSent,
      options_sent: this.optionsSent,
      calls_answered: this.callsAnswered,
      requests_relayed: this.requestsRelayed,
      requests_refused: this.requestsRefused,
      glare: this.glare,
      hang_ups_sent: this.hangUpsSent,
      cancels_sent: this.cancelsSent,
      crossed_answers: this.crossedAnswers,
      send_failures: this.sendFailures,
      connections_lost: this.connectionsLost,
    };
  }
}
