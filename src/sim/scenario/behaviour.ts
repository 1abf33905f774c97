/** How a scripted gateway behaves towards the switch, as parsed from a scenario. Times are ms. */

/** What a gateway sends, in order; `afterMs` counts from the step before, the first from the INVITE. */
export type BehaviourStep =
  | {
      readonly kind: 'provisional';
      readonly afterMs: number;
      /** 100–199 */
      readonly status: number;
      readonly sdp: boolean;
    }
  | { readonly kind: 'answer'; readonly afterMs: number }
  | {
      readonly kind: 'fail';
      readonly afterMs: number;
      /** 300–699 */
      readonly status: number;
      /** The reason phrase; null for the usual one of the status. */
      readonly reason: string | null;
      readonly retryAfterSeconds: number | null;
      /** Where a 3xx sends the call: the Contact, a SIP URI; null without. */
      readonly contact: string | null;
    };

/** What becomes of a call that the gateway has answered. */
export interface AnsweredBehaviour {
  /** The gateway hangs up after so much talk; null when it never does. */
  readonly hangUpAfterMs: number | null;
  /** After so much talk it is gone: it neither hangs up nor answers anything any more. */
  readonly diesAfterMs: number | null;
  /** It sends no media. The signalling, which is all that decides today, is that of any answered call. */
  readonly sendsMedia: boolean;
}

export interface CallBehaviour extends AnsweredBehaviour {
  /** `silent`: nothing ever comes back. `unreachable`: the INVITE cannot be sent. */
  readonly reaction: 'script' | 'silent' | 'unreachable';
  /** Empty unless the reaction is `script`. Without a final step the last provisional is all that ever comes. */
  readonly steps: readonly BehaviourStep[];
  /** How it takes a CANCEL: `ends` with 487, `answers` all the same (a 200 that crosses it), `ignores` it. */
  readonly onCancel: 'ends' | 'answers' | 'ignores';
}

/** Which INVITEs to the gateway a rule is for; the first rule that fits counts. */
export interface BehaviourRule {
  /** From the n-th INVITE to this gateway in the scenario, from 1; null is open. */
  readonly firstCall: number | null;
  readonly lastCall: number | null;
  /** Numbers that were sent, by prefix; null is any. */
  readonly calleePrefix: string | null;
  /** 0–1, drawn by the scenario's seed for each INVITE. */
  readonly probability: number;
  readonly behaviour: CallBehaviour;
}

export interface GatewayBehaviour {
  /** The last one fits everything. */
  readonly rules: readonly BehaviourRule[];
  /** Answer to OPTIONS: a status, or null for none. */
  readonly optionsStatus: number | null;
}
