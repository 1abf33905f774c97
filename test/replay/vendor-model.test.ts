import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CallDetailRecord, CdrAttempt } from '../../src/cdr/record.ts';
import { type Arrival, arrivalOf } from '../../src/replay/arrival.ts';
import { enough } from '../../src/replay/prefix-samples.ts';
import { VendorModel } from '../../src/replay/vendor-model.ts';
import { cdr } from '../store/records.ts';
import { pastCall } from './replays.ts';

const test = suite('replay/vendor-model');

const [answered] = cdr('any').attempts;

function attempt(gateway: string, changes: Partial<CdrAttempt> = {}): CdrAttempt {
  return { ...answered!, gateway, ...changes };
}

function arrival(
  callee: string,
  attempts: readonly CdrAttempt[],
  changes: Partial<CallDetailRecord> = {},
): Arrival {
  const record = cdr(`call to ${callee}`, { callee, billingCallee: callee, attempts, ...changes });
  return arrivalOf(pastCall(record, 1))!;
}

/** Learned from so many calls to numbers that begin with this. */
function learned(
  ...calls: readonly (readonly [prefix: string, many: number, attempt: CdrAttempt])[]
): VendorModel {
  const model = new VendorModel();
  for (const [prefix, many, made] of calls) {
    for (let call = 0; call < many; call++)
      model.learn(arrival(`${prefix}${String(call).padStart(5, '0')}`, [made]));
  }
  return model;
}

const busy = { outcome: 'failed', status: 486, reason: 'Busy Here' } as const;
const unanswered = { answeredAtMs: null, routingGateway: null, endReason: 'NoAvailableRouter' } as const;
const notAsked = arrival('447700900123', [], unanswered);

test('a gateway that was asked for the very call does what it did', () => {
  const model = learned(['44', 100, attempt('acme', busy)]);
  const { level, behaviour } = model.behaviourFor(arrival('447700900123', [attempt('acme')]), 'acme', 1);

  assert.is(level, 'recorded');
  assert.equal(behaviour.steps.at(-1), {
    kind: 'answer',
    afterMs: answered!.delayMs - answered!.ringDelayMs!,
  });
});

test('one that was not does what it did with numbers like it, then with any, then what all did', () => {
  const levelOf = (model: VendorModel): string => model.behaviourFor(notAsked, 'acme', 1).level;

  assert.is(levelOf(learned(['44', enough, attempt('acme')])), 'gatewayAtPrefix');
  assert.is(levelOf(learned(['1', enough, attempt('acme')], ['44', 5, attempt('acme')])), 'gateway');
  assert.is(
    levelOf(learned(['44', enough - 1, attempt('acme')], ['44', 1, attempt('other')])),
    'allAtPrefix',
  );
  assert.is(levelOf(learned(['1', enough, attempt('other')])), 'allGateways');
  assert.is(levelOf(learned()), 'nothingKnown');
});

test('where nothing at all is known the call is refused at once with 503', () => {
  const { behaviour } = learned().behaviourFor(notAsked, 'acme', 1);

  assert.equal(
    behaviour.steps.map(step => [step.kind, 'status' in step ? step.status : null]),
    [['fail', 503]],
  );
});

test('attempts that nobody waited for say nothing of what the gateway would have done', () => {
  const model = learned(['44', 100, attempt('acme', { outcome: 'released', status: 487 })]);

  assert.is(model.behaviourFor(notAsked, 'acme', 1).level, 'nothingKnown');
});

test('a gateway that answered with another code than was recorded for the caller gives that one', () => {
  const model = learned(['44', enough, attempt('acme', { ...busy, receivedStatus: 603 })]);
  const [step] = model.behaviourFor(notAsked, 'acme', 1).behaviour.steps.slice(-1);

  assert.is(step?.kind === 'fail' && step.status, 603);
});

test('a callee that hung up hangs up by another gateway as well', () => {
  const model = learned(['44', enough, attempt('other')]);
  const hungUp = arrival('447700900123', [attempt('acme')], { endedBy: 'callee', endReason: 'CalleeHangup' });

  assert.is(model.behaviourFor(hungUp, 'other', 1).behaviour.hangUpAfterMs, 60_000);
  assert.is(model.behaviourFor(notAsked, 'other', 1).behaviour.hangUpAfterMs, null);
});

test('a call that nobody had answered talks as long as calls to numbers like it', () => {
  const model = learned(['44', enough, attempt('acme')]);
  const failed = arrival('447700900123', [attempt('acme', busy)], unanswered);

  assert.is(model.talkMsFor(failed, 1), 60_000);
  assert.is(model.talkMsFor(arrival('447700900123', [attempt('acme')]), 1), 60_000);
  assert.is(new VendorModel().talkMsFor(failed, 1), 60_000);
});

test.run();
