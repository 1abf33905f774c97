/** Switches that are broken on purpose, each in one way and only now and then, as a bug would be. */
import type { SwitchInput } from '../../../src/call/inputs.ts';
import type { SwitchOutput } from '../../../src/call/outputs.ts';
import { Switch, type SwitchOptions } from '../../../src/call/switch.ts';
import { money } from '../../../src/rating/money.ts';
import type { SimulatedCore } from '../../../src/sim/world/play-options.ts';

type Change = (outputs: readonly SwitchOutput[], input: SwitchInput) => readonly SwitchOutput[];

function broken(change: () => Change): (options: SwitchOptions) => SimulatedCore {
  return options => {
    const changed = change();
    return new (class extends Switch {
      override handle(input: SwitchInput): readonly SwitchOutput[] {
        return changed(super.handle(input), input);
      }
    })(options);
  };
}

/** Which of the many outputs of a run a broken switch changes: those that `fits`. */
function changing(
  fits: (output: SwitchOutput) => boolean,
  into: (output: SwitchOutput) => readonly SwitchOutput[],
): (options: SwitchOptions) => SimulatedCore {
  return broken(() => outputs => outputs.flatMap(output => (fits(output) ? into(output) : [output])));
}

type WriteCdr = Extract<SwitchOutput, { readonly type: 'writeCdr' }>;

function isRecord(output: SwitchOutput, fits: (record: WriteCdr) => boolean): boolean {
  return output.type === 'writeCdr' && fits(output);
}

/** A call that was answered after another gateway had failed is billed twice. */
export const doubleBills = changing(
  output => isRecord(output, ({ cdr }) => cdr.answeredAtMs !== null && cdr.attempts.length > 1),
  output => [output, output],
);

/** Each of them, with the invariant that it breaks, or those of which it breaks one. */
export const brokenSwitches: Readonly<
  Record<string, readonly [invariants: string, newCore: (options: SwitchOptions) => SimulatedCore]>
> = {
  'bills twice': ['billedTwice', doubleBills],
  'charges a hundred-millionth too much': [
    'chargeWrong',
    changing(
      output => isRecord(output, ({ cdr }) => cdr.customerCharge !== null),
      output => {
        if (output.type !== 'writeCdr' || output.cdr.customerCharge === null) return [output];
        const { customerCharge } = output.cdr;
        const charge = { ...customerCharge, amount: money(customerCharge.amount + 1n) };
        return [{ ...output, cdr: { ...output.cdr, customerCharge: charge } }];
      },
    ),
  ],
  'forgets what a vendor is owed': [
    'ledgerWrong',
    changing(
      output => isRecord(output, ({ ledger }) => ledger.length === 2),
      output => (output.type === 'writeCdr' ? [{ ...output, ledger: output.ledger.slice(0, 1) }] : [output]),
    ),
  ],
  'loses the record of a call that the callee ended': [
    'callLost or lineLimitPassed or neverEnds',
    changing(
      output => isRecord(output, ({ cdr }) => cdr.endReason === 'CalleeHangup'),
      () => [],
    ),
  ],
  'does not hang up on the gateway at the longest talk': [
    'legLeaked',
    changing(
      output => output.type === 'hangUp' && output.side === 'callee' && output.reason !== 'Normal Clearing',
      () => [],
    ),
  ],
  'does not take back a gateway that is too slow': [
    'legLeaked',
    changing(
      output => output.type === 'releaseLeg',
      () => [],
    ),
  ],
  'passes a provisional response on after the end': [
    'outputAfterEnd',
    broken(() => (outputs, input) => {
      const end = outputs.find(output => output.type === 'writeCdr');
      if (end?.type !== 'writeCdr' || input.type !== 'callerCancel') return outputs;
      const { callId } = end.cdr;
      return [...outputs, { type: 'relayProvisional', callId, leg: 0, status: 180, reason: 'Ringing' }];
    }),
  ],
  'rounds the talk up to the next second': [
    'talkWrong',
    changing(
      output => isRecord(output, ({ cdr }) => cdr.talkSeconds > 0),
      output =>
        output.type === 'writeCdr'
          ? [{ ...output, cdr: { ...output.cdr, talkSeconds: output.cdr.talkSeconds + 1 } }]
          : [output],
    ),
  ],
  'does not hear of payments': [
    'balanceWrong',
    options =>
      new (class extends Switch {
        override handle(input: SwitchInput): readonly SwitchOutput[] {
          return super.handle(input.type === 'payment' ? { type: 'tick', atMs: input.atMs } : input);
        }
      })(options),
  ],
};
