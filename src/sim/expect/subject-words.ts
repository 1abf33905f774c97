/** What reports call the things that can be expected. */
import type { CallSubject, TotalSubject } from '../scenario/matcher.ts';

/** `%` stands for what the subject is of. */
const words: Readonly<Record<CallSubject | TotalSubject, string>> = {
  tried: 'gateways tried',
  gateway: 'gateway that answered',
  result: 'result',
  status: 'status',
  reason: 'end reason',
  endedBy: 'ended by',
  postDialDelay: 'post-dial delay',
  talk: 'talk time',
  amount: '% amount',
  billedSeconds: '% billed seconds',
  ratePrefix: '% rate prefix',
  rateTable: '% rate table',
  profit: 'profit',
  sentCaller: 'caller sent',
  sentCallee: 'callee sent',
  sentForwarding: 'forwarding number sent',
  record: 'record field %',
  recorded: 'leaves a record',
  calls: 'calls',
  answered: 'calls answered',
  refused: 'calls refused',
  failed: 'calls failed',
  cancelled: 'calls cancelled',
  reasons: 'calls that ended as %',
  answerSeizureRatio: 'answer-seizure ratio',
  averageCallDuration: 'average call duration',
  averagePostDialDelay: 'average post-dial delay',
  peakCalls: 'calls at once',
  balance: 'balance of %',
  lowestBalance: 'lowest balance of %',
  charged: 'charged to %',
  gatewayAttempts: 'attempts at %',
  gatewayAnswered: 'calls answered by %',
  gatewayPeakLines: 'lines at once of %',
  gatewayShare: 'share of %',
};

export function subjectWords(subject: CallSubject | TotalSubject, of: string | null): string {
  return words[subject].replace('%', () => of ?? '').trim();
}
