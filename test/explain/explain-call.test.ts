/** What is explained must be what happens: each explanation is held against the switch doing it. */
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { InviteInput } from '../../src/call/inputs.ts';
import type { CallerPool, Snapshot } from '../../src/config/snapshot.ts';
import { type Circumstances, idleSwitch } from '../../src/explain/circumstances.ts';
import { explainCall } from '../../src/explain/explain-call.ts';
import { ExplainError } from '../../src/explain/explain-error.ts';
import type { Explanation } from '../../src/explain/explanation.ts';
import type { Question } from '../../src/explain/question.ts';
import { parseDialPlan } from '../../src/routing/dial-plan/parse.ts';
import { type NetworkDescription, network } from '../call/networks.ts';
import { startMs, World } from '../call/world.ts';
import { dailyCalendar } from '../support/calendars.ts';
import * as rule from '../support/routing-rules.ts';
import { buildSnapshot } from '../support/snapshot-builder.ts';
import { readSource } from '../support/source-files.ts';

const test = suite('explain/explain-call');

const question: Question = {
  callee: '442079460000',
  caller: '12025550100',
  forwarding: null,
  from: { kind: 'gateway', name: 'alice-in' },
  atMs: startMs,
  seed: 1,
  down: [],
  full: [],
};

function idle(snapshot: Snapshot, asked: Partial<Question> = {}): Explanation {
  return explainCall(idleSwitch(snapshot), { ...question, ...asked });
}

function liveOf({ core }: World): Circumstances {
  return { view: core.view, live: true, draining: core.draining };
}

function live(world: World, asked: Partial<Question> = {}): Explanation {
  return explainCall(liveOf(world), { ...question, atMs: world.nowMs, ...asked });
}

function tried({ attempts }: Explanation): string[] {
  return attempts.map(({ gateway }) => gateway);
}

function left({ excluded }: Explanation): string[] {
  return excluded.map(({ gateway, reason }) => `${gateway} ${reason}`);
}

test('an explanation has the price, cost and margin of a minute, exactly', () => {
  const { rate, attempts } = idle(network({ gateways: [{ name: 'one' }] }));

  assert.is(rate!.exampleAmount, '0.06');
  const [attempt] = attempts;
  assert.is(attempt!.cost, '0.03');
  assert.is(attempt!.charge, '0.06');
  assert.is(attempt!.margin, '0.03');
  assert.is(attempt!.marginPercent, '50.00');
  assert.is(attempt!.rate!.increments, '1/1');
});

test('a line limit of a period is the one that is shown', () => {
  const lines = (atMs: number) =>
    idle(
      network({
        mapping: { lines: 100, periods: [rule.period(0, { lines: 50 })] },
        calendars: [dailyCalendar('midday', 11 * 60, 13 * 60)],
        gateways: [{ name: 'one' }],
      }),
      { atMs },
    ).ingress!.lineLimit;

  assert.is(lines(12 * 3_600_000), 50);
  assert.is(lines(0), 100);
});

test('numbers are taken as they would be from SIP, without what people write for the eye', () => {
  const snapshot = network({ gateways: [{ name: 'one' }] });
  const asked = { callee: '44-20(7946)0000', caller: '+1 (202)', forwarding: '(020).7946' };
  const { callee, caller, forwarding } = idle(snapshot, asked);

  assert.equal([callee, caller, forwarding], ['442079460000', '+1 (202)', '0207946']);
  assert.is(idle(snapshot, { caller: '(020)7946' }).caller, '0207946');
  assert.throws(() => idle(snapshot, { forwarding: 'a friend' }), /"a friend" is no number/);
});

test('a loss is a negative margin, and nobody pays nothing', () => {
  const lossy = network({ wholesale: [{ prefix: '44', rate: '0.09' }], gateways: [{ name: 'one' }] });
  assert.is(idle(lossy).attempts[0]!.margin, '-0.03');
  assert.is(idle(lossy).attempts[0]!.marginPercent, '-50.00');
  const unrated = buildSnapshot({
    mappingGateways: [{ name: 'alice-in' }],
    routingGateways: [{ name: 'one', prefixes: ['44'] }],
  });
  const { rate, attempts } = idle(unrated);
  assert.is(rate, null);
  assert.is(attempts[0]!.rate, null);
  assert.is(attempts[0]!.marginPercent, null);
});

const rejections: Readonly<Record<string, readonly [NetworkDescription, Partial<InviteInput>?]>> = {
  NumberNotAllowed: [{ mapping: { calleePrefixes: { deny: ['4420'] } } }],
  GatewayLocked: [{ mapping: { locked: true } }],
  AccountLocked: [{ customer: { locked: true } }],
  AccountExpired: [{ customer: { validUntilMs: startMs } }],
  NoSuchRate: [{ retail: [{ prefix: '33', rate: '1' }] }],
  IllegalCall: [{}, { source: { address: '192.0.2.9', port: 5060, transport: 'udp' } }],
  InvalidNumber: [{}, { callee: '4'.repeat(70) }],
  AccountBalanceNotEnough: [{ customer: { overdraftLimit: '0' } }],
  NoAvailableRouter: [{ gateways: [] }],
  AllGatewayBusy: [{ vendor: { overdraftLimit: '0' } }],
};

for (const [reason, [description, given = {}]] of Object.entries(rejections)) {
  test(`a call that is refused as ${reason} is explained so, with what the caller gets`, () => {
    const world = new World(network(description));
    const { source, ...numbers } = { source: { address: '192.0.2.1', port: 5060 }, ...given };
    const asked = { callee: numbers.callee ?? question.callee };
    const { rejected, attempts } = live(world, { ...asked, from: { kind: 'address', ...source } });
    world.invite(given);

    const record = world.cdr();
    assert.is(record.endReason, reason);
    assert.is(rejected!.reason, reason);
    assert.is(rejected!.status, record.status);
    assert.is.not(rejected!.detail, '');
    assert.equal(attempts, []);
  });
}

test('lines and call rates that are used up are explained as they refuse', () => {
  for (const [limits, reason] of [
    [{ mapping: { lines: 1 } }, 'LineLimit'],
    [{ customer: { lines: 1 } }, 'LineLimit'],
    [{ mapping: { callRate: { calls: 1, perSeconds: 60 } } }, 'CallRateLimit'],
    [{ customer: { callRate: { calls: 1, perSeconds: 60 } } }, 'CallRateLimit'],
    [{ parameters: { callRate: { calls: 1, perSeconds: 60 } } }, 'CallRateLimit'],
  ] as const) {
    const world = new World(network(limits));
    assert.is(live(world).rejected, null);
    world.invite({ callId: 'first' });

    assert.is(live(world).rejected!.reason, reason, JSON.stringify(limits));
    world.invite({ callId: 'second' });
    assert.is(world.cdr('second').endReason, reason);
  }
});

test('the lines in use, the balance and a Retry-After of the running switch count', () => {
  const world = new World(network({ gateways: [{ name: 'one', lines: 2 }, { name: 'two' }] }), {
    alice: '5',
  });
  world.invite({ callId: 'a' });
  const busy = live(world);
  assert.is(busy.ingress!.activeLines, 1);
  assert.is(busy.attempts[0]!.activeLines, 1);
  assert.is(busy.attempts[0]!.lineLimit, 2);
  assert.is(busy.customer!.balance, '5.00');
  assert.is(busy.customer!.held, '0.06');
  world.invite({ callId: 'b' });
  assert.equal(left(live(world)), ['one linesFull']);
  world.failed(503, 0, { callId: 'a', retryAfterSeconds: 30 });
  assert.equal(left(live(world)), ['one retryAfter']);
  world.pass(31_000);
  assert.is(live(world).attempts.length, 2);
});

test('without a running switch nothing is known of balances, and credit stands in no way', () => {
  const { customer, attempts } = idle(
    network({ customer: { overdraftLimit: '0' }, vendor: { overdraftLimit: '0' } }),
  );

  assert.is(customer!.balance, null);
  assert.is(customer!.usable, null);
  assert.is(attempts.length, 3);
});

test('gateways can be declared down or full, also those without a line limit', () => {
  const snapshot = network({ gateways: [{ name: 'one' }, { name: 'two', lines: 5 }, { name: 'three' }] });
  const explained = idle(snapshot, { down: ['one'], full: ['two', 'three'] });

  assert.equal(tried(explained), []);
  assert.equal(left(explained), ['one offline', 'three linesFull', 'two linesFull']);
  assert.is(explained.excluded[0]!.detail, 'declared offline (--down)');
  assert.is(explained.excluded[1]!.detail, 'declared full (--full)');
  assert.is(explained.rejected!.reason, 'AllGatewayBusy');
  assert.equal(tried(idle(snapshot)), ['one', 'two', 'three'], 'control: nothing declared');
});

test('a name that is none is told with what was probably meant', () => {
  for (const [asked, message, hint] of [
    [{ from: { kind: 'gateway', name: 'alice-inn' } }, 'mapping gateway "alice-inn"', 'alice-in'],
    [{ down: ['tow'] }, 'routing gateway "tow"', 'two'],
    [{ full: ['nobody-at-all'] }, 'routing gateway "nobody-at-all"', 'one, two, three'],
    [{ callee: '４４' }, 'is no number', 'dials'],
  ] as const) {
    assert.throws(
      () => idle(network(), asked),
      (error: unknown) =>
        error instanceof ExplainError && error.message.includes(message) && error.hint!.includes(hint),
    );
  }
});

test('an explanation of a running switch changes nothing in it', () => {
  const description: NetworkDescription = {
    gateways: [{ name: 'one', lines: 3, callRate: { calls: 9, perSeconds: 60 } }, { name: 'two' }],
    mapping: { lines: 9, callRate: { calls: 9, perSeconds: 60 } },
  };
  const asked = new World(network(description));
  const left = new World(network(description));
  for (const world of [asked, left]) world.invite({ callId: 'a' });
  for (let times = 0; times < 20; times += 1) {
    live(asked, { atMs: startMs + times * 86_400_000, seed: null, full: ['one'], down: ['two'] });
  }

  assert.equal(asked.core.gateways(), left.core.gateways());
  assert.equal(asked.core.accounts(), left.core.accounts());
  assert.equal(asked.core.counters(), left.core.counters());
  assert.equal(asked.invite({ callId: 'b' }), left.invite({ callId: 'b' }));
});

test('the choices of a caller pool are the numbers that chance may take now', () => {
  const choices = (order: CallerPool['order'], linesPerNumber: number | null) => {
    const numbers = ['1', '2', '3'];
    const callerPool = { lists: [], numbers, linesPerNumber, order, source: rule.ruleSource(1) };
    const world = new World(network({ gateways: [{ name: 'one', callerPool }] }));
    world.core.view.routingGateways[0]!.callerPool.take('2');
    return live(world).attempts[0]!.sent.callerChoices;
  };

  assert.equal(choices('random', null), ['1', '2', '3']);
  assert.equal(choices('random', 1), ['1', '3']);
  assert.equal(choices('rotating', 1), []);
});

const source = { file: 'plan.yaml', line: 7, column: 1 };

function planOf(text: string) {
  return parseDialPlan([{ text, source }]).plan;
}

const noPlan = { rules: [] };

test('each change of a number is told with its rule and its line', () => {
  const explained = idle(
    network({
      mapping: { dialPlans: { caller: noPlan, callee: planOf('0:44'), forwarding: noPlan } },
      gateways: [
        {
          name: 'one',
          dialPlans: { caller: planOf('1:001'), callee: planOf('44:0044;99?'), forwarding: noPlan },
        },
      ],
    }),
    { callee: '02079460000' },
  );

  assert.equal(explained.numbers.steps, [
    {
      stage: 'dialPlan',
      number: 'callee',
      before: '02079460000',
      after: '442079460000',
      detail: 'rule 0:44 of alice-in',
      source: 'plan.yaml:7',
    },
  ]);
  assert.is(explained.numbers.routed!.callee, '442079460000');
  const { sent } = explained.attempts[0]!;
  assert.is(sent.caller, '0012025550100');
  assert.equal(sent.calleeChoices, ['00442079460000', '99?2079460000']);
  assert.match(sent.callee, /^(?:0044|99\d)2079460000$/);
});

test('a gateway that the hunt passes over is left out, for its number or the credit of its vendor', () => {
  const unsent = new World(
    network({
      gateways: [
        { name: 'one', dialPlans: { caller: noPlan, callee: planOf('*:'), forwarding: noPlan } },
        { name: 'two' },
      ],
    }),
  );
  assert.equal(left(live(unsent)), ['one numberToSendInvalid']);
  assert.equal(tried(live(unsent)), ['two']);
  unsent.invite();
  assert.equal(unsent.dialled('call'), ['two']);

  const poor = new World(network({ vendor: { overdraftLimit: '0.00001' } }));
  assert.equal(left(live(poor))[0], 'one vendorCreditExhausted');
  assert.is(live(poor).rejected!.reason, 'AllGatewayBusy');
  poor.invite();
  assert.is(poor.cdr().endReason, 'AllGatewayBusy');
});

test('what the search ended with is told', () => {
  const at = (mode: 'extension' | 'expiration') =>
    idle(
      network({
        gateways: [{ name: 'one', prefixes: [{ prefix: '4420', mode, line: 3 }] }, { name: 'two' }],
      }),
    );

  assert.equal(at('expiration').stopped, {
    reason: 'expiration',
    detail: 'prefix 4420 of one is in Expiration mode: shorter prefixes are not looked at',
    source: 'gateways/routing/one.yaml:3',
  });
  assert.equal(left(at('expiration')), ['two stoppedByExpiration']);
  assert.is(at('extension').stopped!.reason, 'noShorterPrefix');
  assert.equal(tried(at('extension')), ['one', 'two']);
  assert.is(idle(network({ gateways: [{ name: 'one', prefixes: ['33'] }] })).stopped!.reason, 'noPrefix');
});

/** Every path of keys in it; of lists, those of all members. */
function paths(value: unknown, path: string = ''): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap(one => paths(one, `${path}[]`)))];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => [`${path}.${key}`, ...paths(one, `${path}.${key}`)]);
}

test('an explanation has one shape, live or not, and the documentation has its keys', () => {
  const description: NetworkDescription = {
    gateways: [{ name: 'one', callRate: { calls: 9, perSeconds: 1 } }, { name: 'two' }],
  };
  const ofFiles = idle(network(description), { down: ['two'] });
  const ofSwitch = live(new World(network(description)), { down: ['two'] });
  assert.equal(paths(ofSwitch), paths(ofFiles));
  const refused = idle(network({ customer: { locked: true } }));
  assert.equal(Object.keys(refused).sort(), Object.keys(ofFiles).sort());

  const { text } = readSource('docs/commands.md');
  const table = text.slice(text.indexOf('## explain'), text.indexOf('## config show'));
  const documented = new Set([...table.matchAll(/`(\w+)`/g)].map(([, word]) => word));
  const keys = [...Object.keys(ofFiles), ...Object.keys(ofFiles.attempts[0]!), ...Object.keys(ofFiles.rate!)];
  assert.equal(
    [...keys, ...Object.keys(ofFiles.customer!), ...Object.keys(ofFiles.excluded[0]!)].filter(
      key => !documented.has(key) && key !== 'name',
    ),
    [],
  );
});

test('the gateways are tried in the order that is explained, whatever the network', () => {
  const gateway = fc.record({
    prefixes: fc.uniqueArray(
      fc.record({
        prefix: fc.constantFrom('', '4', '44', '442', '4420'),
        mode: fc.constantFrom('extension' as const, 'expiration' as const),
      }),
      { minLength: 1, maxLength: 3, selector: ({ prefix }) => prefix },
    ),
    priority: fc.nat(2),
    lines: fc.constantFrom(null, 1, 2),
    locked: fc.constantFrom(false, false, true),
    protectRoute: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(gateway, { maxLength: 6 }), fc.nat(3), (gateways, before) => {
      const world = new World(
        network({ gateways: gateways.map((one, index) => ({ name: `g${index}`, ...one })) }),
      );
      for (let call = 0; call < before; call += 1) world.invite({ callId: `before-${call}` });
      const explained = live(world);
      world.invite();
      for (let leg = 0; leg < explained.attempts.length; leg += 1) world.failed(503, leg);
      assert.equal(world.dialled('call'), tried(explained));
      assert.is(
        world.cdr().endReason === 'NoAvailableRouter',
        explained.rejected?.reason === 'NoAvailableRouter',
      );
      assert.is(world.cdr().endReason === 'AllGatewayBusy', explained.rejected?.reason === 'AllGatewayBusy');
    }),
    { numRuns: 300 },
  );
});

test.run();
