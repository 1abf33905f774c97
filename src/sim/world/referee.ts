/**
 * Knows what neither SIP nor the store would stand for, and looks at everything the switch wants done before it is
 * done. It never throws and never changes a call: what is illegal becomes a violation, and the world goes on as the
 * SIP side of the live switch would.
 */
import type {
  AnswerOutput,
  DialLegOutput,
  HangUpOutput,
  RejectOutput,
  RelayProvisionalOutput,
  ReleaseLegOutput,
} from '../../call/outputs.ts';
import type { OpenCall } from '../../cdr/open-call.ts';
import type { ActiveCall, Leg } from './active-call.ts';
import { gatewaysOf } from './limits.ts';
import type { Violations } from './violations.ts';

export class Referee {
  readonly #violations: Violations;

  constructor(violations: Violations) {
    this.#violations = violations;
  }

  /** Something is wanted for a call that is not there. */
  strayed(what: string, callId: string, hasBegun: boolean): void {
    if (!hasBegun) {
      this.#violations.add(
        'unknownCall',
        `The switch wants ${what} for ${callId}, which does not exist.`,
        callId,
      );
    } else if (what === 'writeCdr') {
      this.#violations.add('billedTwice', 'The call gets a second record.', callId);
    } else
      this.#violations.add('outputAfterEnd', `The switch wants ${what} after the end of the call.`, callId);
  }

  journal(call: ActiveCall, row: OpenCall): void {
    if (row.startedAtMs !== call.startedAtMs) {
      this.#add(call, 'journalWrong', 'The journal row has another beginning than the call.');
    }
    const { answeredAtMs } = row;
    const leg = call.legs.at(-1);
    if (answeredAtMs === null) return;
    if (leg === undefined || leg.answeredAtMs !== answeredAtMs || leg.gateway !== row.routingGateway) {
      this.#add(call, 'journalWrong', 'The journal row tells of an answer that the gateway did not give.');
    }
  }

  dial(call: ActiveCall, { leg, gateway, address }: DialLegOutput): void {
    if (leg !== call.legs.length) {
      this.#add(
        call,
        'legNumber',
        `Leg ${leg} is dialled after ${call.legs.length} others: they count from 0.`,
      );
    }
    if (call.row === null)
      this.#add(call, 'dialledUnjournaled', 'A gateway is dialled before the journal row.');
    if (call.callerState !== 'early') {
      this.#add(call, 'dialledForNobody', `${gateway} is dialled after the final response to the caller.`);
    }
    const open = call.legs.find(isOpen);
    if (open !== undefined) {
      this.#add(call, 'twoLegs', `${gateway} is dialled while ${open.gateway} is still asked.`);
    }
    const configured = gatewaysOf(call.snapshot).routing.get(gateway);
    if (configured === undefined) {
      this.#add(call, 'unknownGateway', `The configuration of the call has no routing gateway ${gateway}.`);
    } else if (configured.address !== address && !isSameAddress(configured.address, address)) {
      this.#add(call, 'dialledElsewhere', `${gateway} is dialled at an address that is not its own.`);
    }
  }

  release(call: ActiveCall, { leg: number }: ReleaseLegOutput): void {
    const leg = call.legs[number];
    if (leg === undefined)
      this.#add(call, 'releasedUndialled', `Leg ${number} is released but was not dialled.`);
    else if (leg.isReleased) this.#add(call, 'releasedTwice', `Leg ${number} is released twice.`);
    else if (leg.wasConnected) {
      this.#add(call, 'releasedConnected', `Leg ${number} is released although the caller talks on it.`);
    }
  }

  relay(call: ActiveCall, { leg: number, status }: RelayProvisionalOutput): void {
    if (call.callerState !== 'early') {
      this.#add(call, 'provisionalAfterFinal', `${status} goes to the caller after its final response.`);
    }
    const leg = call.legs[number];
    if (leg === undefined || leg.isReleased || !leg.wasHeard || leg.state !== 'early') {
      this.#add(
        call,
        'provisionalFromNobody',
        `${status} of leg ${number} is relayed, which has said no such thing.`,
      );
    }
    if (status <= 100 || status >= 200)
      this.#add(call, 'statusWrong', `${status} is no provisional response.`);
  }

  answer(call: ActiveCall, { leg: number }: AnswerOutput): void {
    if (call.callerState !== 'early') {
      this.#add(call, 'twoFinals', 'The caller is answered after its final response.');
    }
    const leg = call.legs[number];
    if (leg === undefined || leg.state !== 'confirmed' || leg.isReleased) {
      this.#add(
        call,
        'answerFromNobody',
        `The caller is answered with leg ${number}, which has not answered.`,
      );
    }
    if (call.row === null || call.row.answeredAtMs === null) {
      this.#add(call, 'answeredUnjournaled', 'The caller is answered before the journal row that says so.');
    }
  }

  reject(call: ActiveCall, { status }: RejectOutput): void {
    const answersCancel = call.isCallerGone && call.answeredAtMs === null;
    if (call.wasRejected || (call.callerState !== 'early' && !answersCancel)) {
      this.#add(call, 'twoFinals', `The caller gets ${status} after its final response.`);
    }
    if (status < 300 || status > 699) this.#add(call, 'statusWrong', `${status} rejects nobody.`);
  }

  hangUp(call: ActiveCall, { side }: HangUpOutput): void {
    const leg = call.answeredLeg;
    if (leg === null) {
      this.#add(call, 'hungUpUnanswered', `The ${side} of a call is hung up that nobody answered.`);
    } else if (side === 'caller' ? call.callerState === 'ended' : leg.state === 'ended') {
      this.#add(call, 'hungUpTwice', `The ${side} is hung up whose dialog is over.`);
    }
  }

  /** The switch has taken the 2xx of a leg: it must have gone to the caller or back. */
  answered(leg: Leg): void {
    if (leg.wasConnected || leg.isReleased) return;
    const text = `The answer of ${leg.gateway} was neither passed on to the caller nor taken back.`;
    this.#add(leg.call, 'answerUnclaimed', text);
  }

  /** The switch has taken the INVITE. */
  invited(call: ActiveCall): void {
    if (call.isOver || call.legs.length > 0 || call.wasRejected) return;
    this.#add(
      call,
      'inviteUnanswered',
      'The INVITE led to nothing: neither an attempt nor a final response.',
    );
  }

  /** Nobody may be left in a dialog when the switch calls it a day. */
  ended(call: ActiveCall): void {
    for (const leg of call.legs) {
      if (leg.state !== 'ended' && !leg.isReleased) {
        this.#add(call, 'legLeaked', `The call is over, and ${leg.gateway} was not told.`);
      }
    }
    if (call.callerState !== 'ended') {
      this.#add(call, 'callerLeaked', 'The call is over, and the caller was not told.');
    }
  }

  #add({ callId }: ActiveCall, invariant: string, detail: string): void {
    this.#violations.add(invariant, detail, callId);
  }
}

function isOpen({ state, isReleased }: Leg): boolean {
  return state !== 'ended' && !isReleased;
}

function isSameAddress(a: DialLegOutput['address'], b: DialLegOutput['address']): boolean {
  return a.host === b.host && a.port === b.port && a.transport === b.transport;
}
