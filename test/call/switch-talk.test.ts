import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { network } from './networks.ts';
import { amount, startMs, types, World } from './world.ts';

const test = suite('call/switch-talk');

test('an answer is journaled with its rates before it is passed on', () => {
  const world = new World(network());
  world.invite();
  world.pass(2_000);
  const outputs = world.answered(0);
  const journal = outputs[0]!;
  if (journal.type !== 'journal') throw new Error('no journal');

  assert.equal(types(outputs), ['journal', 'answer']);
  assert.is(journal.call.answeredAtMs, startMs + 2_000);
  assert.is(journal.call.routingGateway, 'one');
  assert.is(journal.call.vendorAccount, 'victor');
  assert.is(journal.call.customerRate?.rate, '0.06');
  assert.is(journal.call.customerRate?.prefix, '44');
  assert.is(journal.call.vendorRate?.rate, '0.03');
});

test('a whole call is on its record', () => {
  const world = new World(network());
  world.invite();
  world.pass(500);
  world.provisional(180, 0);
  world.pass(1_500);
  world.answered(0);
  world.pass(61_500);
  assert.equal(world.hangup('callee'), [
    { type: 'hangUp', callId: 'call', side: 'caller', reason: 'CalleeHangup' },
    { type: 'writeCdr', cdr: world.cdr(), ledger: world.ledger },
  ]);

  assert.equal(world.cdr(), {
    callId: 'call',
    snapshotHash: 'hash-of-a-test',
    snapshotCommit: null,
    mappingGateway: 'alice-in',
    customerAccount: 'alice',
    routingGateway: 'one',
    vendorAccount: 'victor',
    sourceAddress: '192.0.2.1:5060;udp',
    caller: '12025550100',
    callee: '442079460000',
    forwarding: null,
    billingCaller: '12025550100',
    billingCallee: '442079460000',
    sentCaller: '12025550100',
    sentCallee: '442079460000',
    sipCallId: 'sip-call-id',
    startedAtMs: startMs,
    postDialDelayMs: 500,
    answeredAtMs: startMs + 2_000,
    endedAtMs: startMs + 63_500,
    talkSeconds: 62,
    endedBy: 'callee',
    endReason: 'CalleeHangup',
    status: 200,
    attempts: [
      {
        gateway: 'one',
        caller: '12025550100',
        callee: '442079460000',
        address: '127.0.0.1:5080;udp',
        startedAtMs: startMs,
        delayMs: 2_000,
        ringDelayMs: 500,
        status: 200,
        reason: 'OK',
        outcome: 'answered',
      },
    ],
    customerCharge: {
      account: 'alice',
      rateTable: 'retail',
      prefix: '44',
      rateSource: 'rates/retail.yaml:1',
      rate: '0.06',
      unitSeconds: 60,
      firstIncrementSeconds: 1,
      nextIncrementSeconds: 1,
      billedSeconds: 62,
      amount: amount('0.062'),
    },
    vendorCharge: {
      account: 'victor',
      rateTable: 'wholesale',
      prefix: '44',
      rateSource: 'rates/wholesale.yaml:1',
      rate: '0.03',
      unitSeconds: 60,
      firstIncrementSeconds: 1,
      nextIncrementSeconds: 1,
      billedSeconds: 62,
      amount: amount('0.031'),
    },
    profit: amount('0.031'),
  });
  assert.is(world.charged('alice'), amount('-0.062'));
  assert.is(world.charged('victor'), amount('-0.031'));
  assert.is(world.account('alice').balance, amount('-0.062'));
  assert.is(world.account('victor').balance, amount('-0.031'));
  world.assertQuiet();
});

test('talk is rounded to seconds by the hold-time precision', () => {
  for (const [talkMs, seconds] of [
    [10_049, 10],
    [10_050, 11],
    [49, 0],
  ] as const) {
    const world = new World(network());
    world.invite();
    world.answered(0);
    world.pass(talkMs);
    world.hangup();
    assert.is(world.cdr().talkSeconds, seconds);
  }
});

test('a call that is hung up at once costs nothing and leaves no ledger line', () => {
  const world = new World(network());
  world.invite();
  world.answered(0);
  world.hangup();

  assert.is(world.cdr().customerCharge?.amount, 0n);
  assert.equal(world.ledger, []);
});

test('a CANCEL while the answer is held back hangs up the callee, and only the vendor is paid', () => {
  const world = new World(network());
  world.invite();
  world.answered(0);
  world.pass(2000);
  const outputs = world.cancel();

  assert.equal(outputs[0], { type: 'hangUp', callId: 'call', side: 'callee', reason: 'CallerCancel' });
  const { endReason, status, customerCharge, vendorCharge, talkSeconds } = world.cdr();
  assert.equal(
    { endReason, status, talkSeconds },
    { endReason: 'CallerCancel', status: 487, talkSeconds: 2 },
  );
  assert.is(customerCharge, null);
  assert.is.not(vendorCharge, null);
  assert.equal(
    world.ledger.map(({ account }) => account),
    [vendorCharge!.account],
  );
  world.assertQuiet();
});

test('the shortest of all limits ends the call to the second', () => {
  const limits = [
    { parameters: { maxCallDurationSeconds: 100 } },
    { customer: { maxCallDurationSeconds: 100 } },
    { mapping: { maxCallDurationSeconds: 100 } },
    { gateways: [{ name: 'one', maxCallDurationSeconds: 100 }] },
    { vendor: { maxCallDurationSeconds: 100 } },
  ];
  for (const limit of limits) {
    const world = new World(network({ parameters: { maxCallDurationSeconds: 200 }, ...limit }));
    world.invite();
    world.answered(0);
    assert.equal(world.pass(99_999), []);
    assert.equal(types(world.pass(1)), ['hangUp', 'hangUp', 'writeCdr']);
    assert.is(world.cdr().endReason, 'MaxCallDuration');
    assert.is(world.cdr().endedBy, 'switch');
    assert.is(world.cdr().talkSeconds, 100);
    world.assertQuiet();
  }
});

test('a caller without session timers is capped, one with them is not', () => {
  const unlimited = { customer: { unrated: true }, vendor: { unrated: true } };
  const capped = new World(network({ ...unlimited, parameters: { noTimerCapSeconds: 60 } }));
  capped.invite({ timerCapable: false });
  capped.answered(0);
  capped.pass(60_000);
  assert.is(capped.cdr().endReason, 'MaxCallDuration');
  const free = new World(network({ ...unlimited, parameters: { noTimerCapSeconds: 60 } }));
  free.invite({ timerCapable: true });
  free.answered(0);

  assert.is(free.core.nextDeadlineMs(), null);
});

test('a late driver does not make a call longer than its limit', () => {
  const world = new World(network({ parameters: { maxCallDurationSeconds: 100 } }));
  world.invite();
  world.answered(0);
  world.nowMs += 103_000;
  world.give({ type: 'tick' });

  assert.is(world.cdr().talkSeconds, 100);
});

test('an operator can end a call in any state', () => {
  const hunting = new World(network());
  hunting.invite();
  assert.equal(types(hunting.give({ type: 'forcedRelease', callId: 'call' })), [
    'releaseLeg',
    'reject',
    'writeCdr',
  ]);
  assert.is(hunting.cdr().endReason, 'ForcedRelease');
  assert.is(hunting.cdr().status, 503);
  hunting.assertQuiet();
  const talking = new World(network());
  talking.invite();
  talking.answered(0);
  assert.equal(types(talking.give({ type: 'forcedRelease', callId: 'call' })), [
    'hangUp',
    'hangUp',
    'writeCdr',
  ]);
  talking.assertQuiet();
});

test('shutdown ends every call and takes no new one', () => {
  const world = new World(network());
  world.invite({ callId: 'hunting' });
  world.invite({ callId: 'talking' });
  world.answered(0, 'talking');
  world.pass(5_000);
  world.give({ type: 'shutdown' });
  world.invite({ callId: 'late' });

  assert.is(world.cdr('hunting').endReason, 'Shutdown');
  assert.is(world.cdr('talking').endReason, 'Shutdown');
  assert.is(world.cdr('talking').talkSeconds, 5);
  assert.is(world.cdr('late').endReason, 'Shutdown');
  world.assertQuiet();
});

test('when the SIP server is lost, every call ends as Interrupted without a word of SIP', () => {
  const world = new World(network());
  world.invite({ callId: 'hunting' });
  world.invite({ callId: 'talking' });
  world.answered(0, 'talking');
  world.pass(5_000);
  const outputs = world.give({ type: 'sipServerLost' });

  assert.equal(types(outputs), ['writeCdr', 'writeCdr']);
  assert.is(world.cdr('hunting').endReason, 'Interrupted');
  assert.is(world.cdr('hunting').attempts[0]?.outcome, 'released');
  assert.is(world.cdr('talking').customerCharge?.amount, amount('0.005'));
  assert.is(world.cdr('talking').endedBy, 'switch');
  world.assertQuiet();
});

test('a call in progress keeps its snapshot, and new calls use the new one', () => {
  const world = new World(network({ hash: 'old' }));
  world.invite({ callId: 'old' });
  world.give({
    type: 'snapshot',
    snapshot: network({
      hash: 'new',
      gateways: [{ name: 'three' }],
      retail: [{ prefix: '44', rate: '0.60', increments: '1/1' }],
    }),
  });
  world.failed(503, 0, { callId: 'old' });
  world.answered(1, 'old');
  world.invite({ callId: 'new' });
  world.answered(0, 'new');
  world.pass(60_000);
  world.hangup('caller', 'old');
  world.hangup('caller', 'new');

  assert.equal(world.dialled('old'), ['one', 'two']);
  assert.equal(world.dialled('new'), ['three']);
  assert.is(world.cdr('old').snapshotHash, 'old');
  assert.is(world.cdr('new').snapshotHash, 'new');
  assert.is(world.cdr('old').customerCharge?.amount, amount('0.06'));
  assert.is(world.cdr('new').customerCharge?.amount, amount('0.6'));
  assert.is(world.account('alice').balance, amount('-0.66'));
});

test('a gateway keeps its lines over a change of the snapshot, also when its place in it changes', () => {
  const world = new World(network({ gateways: [{ name: 'one', lines: 1 }, { name: 'two' }] }));
  world.invite({ callId: 'first' });
  world.give({
    type: 'snapshot',
    snapshot: network({
      gateways: [
        { name: 'two', priority: 9 },
        { name: 'one', lines: 1, priority: 1 },
      ],
    }),
  });
  world.invite({ callId: 'second' });

  assert.equal(world.dialled('second'), ['two']);
  assert.is(world.activeLines('one'), 1);
});

test('a gateway that left the configuration is shown until its last call is over', () => {
  const world = new World(network({ gateways: [{ name: 'one' }] }));
  world.invite();
  world.answered(0);
  world.give({ type: 'snapshot', snapshot: network({ gateways: [{ name: 'two' }] }) });
  const shown = () => world.core.gateways().find(({ name }) => name === 'one');
  assert.equal(shown(), {
    name: 'one',
    kind: 'routing',
    activeLines: 1,
    lineLimit: null,
    callRateLimit: null,
    callsInPeriod: 0,
    configured: false,
    carried: 1,
    unavailableUntilMs: 0,
    offlineSinceMs: null,
    quality: null,
  });
  world.hangup();

  assert.is(shown(), undefined);
});

test('calls in progress can be listed', () => {
  const world = new World(network());
  world.invite();
  world.failed(503, 0);
  world.answered(1);

  assert.equal(world.core.calls(), [
    {
      callId: 'call',
      state: 'answered',
      caller: '12025550100',
      callee: '442079460000',
      mappingGateway: 'alice-in',
      routingGateway: 'two',
      startedAtMs: startMs,
      answeredAtMs: startMs,
      snapshotHash: 'hash-of-a-test',
      attempts: ['one', 'two'],
      deadline: { timer: 'credit', atMs: startMs + 55_000 },
    },
  ]);
});

test('the counters say what happened', () => {
  const world = new World(network());
  world.invite({ callId: 'a' });
  world.failed(503, 0, { callId: 'a' });
  world.answered(1, 'a');
  world.hangup('callee', 'a');
  world.hangup('callee', 'a');
  world.invite({ callId: 'b', callee: '1' });

  assert.is(world.counter('invites'), 2);
  assert.is(world.counter('attempts'), 2);
  assert.is(world.counter('answered'), 1);
  assert.is(world.counter('rejected'), 1);
  assert.is(world.counter('ignoredInputs'), 1);
  assert.is(world.counter('active'), 0);
  assert.is(world.counter('ended.CalleeHangup'), 1);
  assert.is(world.counter('ended.NoSuchRate'), 1);
});

test.run();
