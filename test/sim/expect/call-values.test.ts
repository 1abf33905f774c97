import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { observeCall } from '../../../src/sim/expect/call-values.ts';
import type { CallSubject } from '../../../src/sim/scenario/matcher.ts';
import type { PlayedCall } from '../../../src/sim/scenario/played.ts';
import { attemptAt, failedCall, playedCall, scenarioCall, startMs } from '../played-calls.ts';

const test = suite('sim/expect/call-values');

function seen(call: PlayedCall, subject: CallSubject, of: string | null = null): unknown {
  return observeCall(call, subject, of).value;
}

test('an answered call tells who answered, how long it took and what it cost', () => {
  const call = playedCall();

  assert.is(seen(call, 'result'), 'answered');
  assert.is(seen(call, 'gateway'), 'acme');
  assert.equal(seen(call, 'tried'), ['acme']);
  assert.is(seen(call, 'status'), 200);
  assert.is(seen(call, 'reason'), 'CallerHangup');
  assert.is(seen(call, 'endedBy'), 'caller');
  assert.is(seen(call, 'postDialDelay'), 120);
  assert.is(seen(call, 'talk'), 60_000);
  assert.is(seen(call, 'amount', 'customer'), 1_250_000n);
  assert.is(seen(call, 'amount', 'vendor'), 1_000_000n);
  assert.is(seen(call, 'billedSeconds', 'customer'), 60);
  assert.is(seen(call, 'ratePrefix', 'customer'), '447');
  assert.is(seen(call, 'rateTable', 'vendor'), 'retail-standard');
  assert.is(seen(call, 'profit'), 250_000n);
  assert.is(seen(call, 'recorded'), true);
});

test('a call that nobody answered costs nothing and was carried by nobody', () => {
  const call = failedCall({ attempts: [attemptAt('acme'), attemptAt('borealis')] });

  assert.is(seen(call, 'result'), 'failed');
  assert.is(seen(call, 'gateway'), null);
  assert.equal(seen(call, 'tried'), ['acme', 'borealis']);
  assert.is(seen(call, 'talk'), 0);
  assert.is(seen(call, 'amount', 'customer'), null);
  assert.is(seen(call, 'billedSeconds', 'vendor'), null);
  assert.is(seen(call, 'ratePrefix', 'customer'), null);
  assert.is(seen(call, 'profit'), 0n);
});

test('a call is refused when no gateway was tried, and cancelled when its caller gave up', () => {
  const refused = failedCall({ attempts: [] }, { endReason: 'NoAvailableRouter' });
  const cancelled = failedCall({ finalStatus: 487 }, { endReason: 'CallerCancel' });
  const refusedBy487 = failedCall({ finalStatus: 487 }, { endReason: 'Rejected' });

  assert.is(seen(refused, 'result'), 'refused');
  assert.is(seen(cancelled, 'result'), 'cancelled');
  assert.is(seen(refusedBy487, 'result'), 'failed');
});

test('a call without a record is told by what its caller saw', () => {
  const impatient = scenarioCall({ cancelAfterMs: 5000 });
  const call = { ...failedCall({ finalStatus: 487, call: impatient }), record: null };

  assert.is(seen(call, 'recorded'), false);
  assert.is(seen(call, 'reason'), null);
  assert.is(seen(call, 'endedBy'), null);
  assert.is(seen(call, 'result'), 'cancelled');
  assert.is(seen({ ...call, call: scenarioCall() }, 'result'), 'failed');
  assert.is(seen(call, 'amount', 'customer'), null);
  assert.is(seen(call, 'record', 'callee'), null);
});

test('a caller that heard nothing has no delay and no status, and a call that is still up no talk time', () => {
  const silent = failedCall({ firstResponseAtMs: null, finalStatus: null });

  assert.is(seen(silent, 'postDialDelay'), null);
  assert.is(seen(silent, 'status'), null);
  assert.is(seen(playedCall({ endedAtMs: null }), 'talk'), null);
});

test('the numbers sent are those of the last attempt', () => {
  const attempts = [
    attemptAt('acme', { callee: '00447700900123' }),
    attemptAt('borealis', { callee: '9#447700900123', caller: '', forwarding: '441' }),
  ];
  const call = playedCall({ attempts });

  assert.is(seen(call, 'sentCallee'), '9#447700900123');
  assert.is(seen(call, 'sentCaller'), '');
  assert.is(seen(call, 'sentForwarding'), '441');
  assert.is(seen(playedCall({ attempts: [] }), 'sentCallee'), null);
});

test('every field of the record can be asked for, and what is not there is none', () => {
  const call = playedCall({}, { startedAtMs: startMs });

  assert.is(seen(call, 'record', 'billingCallee'), '447700900123');
  assert.is(seen(call, 'record', 'startedAtMs'), startMs);
  assert.is(seen(call, 'record', 'profit'), 250_000n);
  assert.is(seen(call, 'record', 'customerCharge.rate'), '0.0125');
  assert.is(seen(call, 'record', 'attempts.0.status'), 200);
  assert.is(seen(call, 'record', 'forwarding'), null);
  assert.is(seen(call, 'record', 'customerCharge.stages'), null);
  assert.is(seen(call, 'record', 'constructor'), null);
  assert.match(String(seen(call, 'record', 'attempts')), '"gateway":"acme"');
});

test.run();
