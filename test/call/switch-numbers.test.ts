import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DialLegOutput, SwitchOutput } from '../../src/call/outputs.ts';
import type { CallLevel, LrnSettings } from '../../src/config/snapshot.ts';
import { dialPlans, lrnTable } from '../support/dial-plans.ts';
import { type NetworkDescription, network } from './networks.ts';
import { amount, World } from './world.ts';

const test = suite('call/switch-numbers');

const source = { file: 'gateways/mapping/alice-in.yaml', line: 4, column: 1 };

function worldOf(description: NetworkDescription, balance: string = '100'): World {
  return new World(network(description), { alice: balance });
}

function dialled(outputs: readonly SwitchOutput[]): readonly DialLegOutput[] {
  return outputs.filter(output => output.type === 'dialLeg');
}

const plans: NetworkDescription = {
  mapping: { dialPlans: dialPlans({ caller: '00:', callee: '0:44', forwarding: '00:' }) },
  gateways: [
    { name: 'one', dialPlans: dialPlans({ callee: '44:+44', caller: '1:+1', forwarding: '49:+49' }) },
    { name: 'two' },
  ],
};
const received = { caller: '0012025550100', callee: '02079460000', forwarding: '004930' };

test('each gateway is sent its own form of the numbers, and the record has all three views', () => {
  const world = worldOf(plans);
  const [first] = dialled(world.invite(received));
  const [second] = dialled(world.failed(503, 0));
  world.answered(1);
  world.pass(60_000);
  world.hangup();

  assert.equal([first!.caller, first!.callee, first!.forwarding], ['+12025550100', '+442079460000', '+4930']);
  assert.equal([second!.caller, second!.callee, second!.forwarding], ['12025550100', '442079460000', '4930']);
  const cdr = world.cdr();
  assert.equal([cdr.caller, cdr.callee, cdr.forwarding], ['0012025550100', '02079460000', '004930']);
  assert.equal([cdr.billingCaller, cdr.billingCallee], ['12025550100', '442079460000']);
  assert.equal([cdr.sentCaller, cdr.sentCallee], ['12025550100', '442079460000']);
  assert.equal(
    cdr.attempts.map(attempt => [attempt.caller, attempt.callee, attempt.forwarding]),
    [
      ['+12025550100', '+442079460000', '+4930'],
      ['12025550100', '442079460000', '4930'],
    ],
  );
  assert.is(cdr.customerCharge?.prefix, '44');
  assert.is(world.charged('alice'), amount('-0.06'));
  world.assertQuiet();
});

test('without dial plans the number goes on as it was received, and has no rate', () => {
  const world = worldOf({});
  world.invite(received);

  assert.is(world.cdr().endReason, 'NoSuchRate');
  assert.is(world.cdr().billingCallee, '02079460000');
  assert.is(world.cdr().sentCallee, null);
});

test('the journal and an interrupted call have the numbers as they were rated and sent', () => {
  const world = worldOf(plans);
  world.invite(received);
  world.answered(0);
  const [journaled] = world.outputs.filter(output => output.type === 'journal').slice(-1);

  assert.is(journaled?.type === 'journal' && journaled.call.billingCallee, '442079460000');
  assert.is(journaled?.type === 'journal' && journaled.call.sentCallee, '+442079460000');
  world.give({ type: 'sipServerLost' });
  assert.is(world.cdr().sentCaller, '+12025550100');
});

test('a number that the dial plan makes empty is refused with 484, whoever might carry it', () => {
  const world = worldOf({ mapping: { dialPlans: dialPlans({ callee: '442:' }) } });
  const outputs = world.invite({ callee: '442' });

  assert.is(world.cdr().endReason, 'InvalidNumber');
  assert.is(outputs[0]?.type === 'reject' && outputs[0].status, 484);
  assert.equal(world.dialled(), []);
  world.assertQuiet();
});

test('a gateway that the number cannot be sent to is skipped, and has no line in use', () => {
  const world = worldOf({
    gateways: [{ name: 'one', dialPlans: dialPlans({ callee: '*:' }) }, { name: 'two' }],
  });
  world.invite();
  assert.equal(world.dialled(), ['two']);
  assert.is(world.activeLines('one'), 0);
  world.cancel();

  const nowhere = worldOf({ gateways: [{ name: 'one', dialPlans: dialPlans({ callee: '*:' }) }] });
  nowhere.invite();
  assert.is(nowhere.cdr().endReason, 'NoAvailableRouter');
});

test('letters, other digits, a plus and numbers that are too long are clear refusals or go on as they are', () => {
  const reasonOf = (callee: string, caller: string = '1') => {
    const world = worldOf({
      retail: [{ prefix: '', rate: '0.01' }],
      wholesale: [{ prefix: '', rate: '0.01' }],
    });
    world.invite({ callee, caller });
    return world.cdrs[0]?.endReason ?? 'tried';
  };

  assert.is(reasonOf('4'.repeat(40)), 'InvalidNumber');
  assert.is(reasonOf('٤٤٢٠٧'), 'InvalidNumber');
  assert.is(reasonOf('44 20'), 'InvalidNumber');
  assert.is(reasonOf('x'.repeat(100_000)), 'InvalidNumber');
  assert.is(reasonOf('44207', 'x'.repeat(100_000)), 'tried', 'the callee is no worse for its caller');
  assert.is(reasonOf('+44207'), 'NoAvailableRouter', 'a plus stays, and no gateway has it as a prefix');
  assert.is(reasonOf('abc'), 'NoAvailableRouter');
  assert.is(reasonOf('44207', ''), 'tried');
});

test('a vendor is rated by the number before its dial plan, or by the one sent', () => {
  const costOf = (rateByNumberSent: boolean) => {
    const world = worldOf({
      gateways: [{ name: 'one', rateByNumberSent, dialPlans: dialPlans({ callee: '44:99' }) }],
      wholesale: [
        { prefix: '44', rate: '0.03', increments: '1/1' },
        { prefix: '99', rate: '0.01', increments: '1/1' },
      ],
    });
    world.invite();
    world.answered(0);
    world.pass(60_000);
    world.hangup();
    return [world.cdr().vendorCharge?.prefix, world.charged('victor')];
  };

  assert.equal(costOf(false), ['44', amount('-0.03')]);
  assert.equal(costOf(true), ['99', amount('-0.01')]);
});

test('checked rates look at the number sent where the vendor is rated by it', () => {
  const reasonOf = (rateByNumberSent: boolean, prefix: string) => {
    const checkRate = true;
    const wholesale = [{ prefix, rate: '0.03' }];
    const callee = dialPlans({ callee: '44:99' });
    const gateways = [{ name: 'one', checkRate, rateByNumberSent, dialPlans: callee }];
    const world = worldOf({ gateways, wholesale });
    world.invite();
    return world.cdrs[0]?.endReason ?? 'tried';
  };

  assert.is(reasonOf(true, '44'), 'NoAvailableRouter');
  assert.is(reasonOf(true, '99'), 'tried');
  assert.is(reasonOf(false, '44'), 'tried');
  assert.is(reasonOf(false, '99'), 'NoAvailableRouter');
});

const routeShares = {
  shares: [
    { tag: 'a', weight: 3, source },
    { tag: 'b', weight: 1, source },
  ],
  total: 4,
  source,
};

function sharing(given: NetworkDescription = {}): NetworkDescription {
  return {
    parameters: { routeTags: ['a', 'b'] },
    mapping: { routeShares, ...given.mapping },
    gateways: [
      { name: 'one', prefixes: ['a44'], dialPlans: dialPlans({ callee: 'a:' }) },
      { name: 'two', prefixes: ['b44'], dialPlans: dialPlans({ callee: 'b:' }) },
    ],
  };
}

test('route shares are exact over every calls in a row, and rating does not see their tags', () => {
  const world = worldOf(sharing());
  const carried: string[] = [];
  for (let i = 0; i < 12; i += 1) {
    const callId = `call-${i}`;
    const [leg] = dialled(world.invite({ callId }));
    assert.is(leg!.callee, '442079460000');
    carried.push(leg!.gateway);
    world.cancel(callId);
    // A change of the configuration in between changes nothing.
    if (i % 3 === 0) world.give({ type: 'snapshot', snapshot: network(sharing()) });
  }

  for (let from = 0; from + 4 <= 12; from += 1) {
    const four = carried.slice(from, from + 4);
    assert.is(four.filter(name => name === 'one').length, 3, four.join(' '));
  }
});

test('a call that is refused takes no turn of a share', () => {
  const tagsOf = (refusedBetween: boolean) => {
    const world = worldOf(sharing({ mapping: { lines: 1 } }));
    const gateways: string[] = [];
    for (let i = 0; i < 8; i += 1) {
      const [leg] = dialled(world.invite({ callId: `call-${i}` }));
      gateways.push(leg!.gateway);
      if (refusedBetween) world.invite({ callId: `refused-${i}` });
      world.cancel(`call-${i}`);
    }
    return gateways;
  };

  assert.equal(tagsOf(true), tagsOf(false));
});

test('a call whose LRN is not known is refused where the gateway says so', () => {
  const lrn: LrnSettings = {
    table: 0,
    eatPrefixDigits: 0,
    onFailure: 'reject',
    intrastatePrefix: 'i',
    interstatePrefix: 'x',
    undeterminedPrefix: 'u',
    routeByLrn: false,
    source,
  };
  const reasonOf = (onFailure: 'reject' | 'continue') => {
    const world = worldOf({
      mapping: { lrn: { ...lrn, onFailure } },
      lrnTables: [lrnTable('212555 - NY')],
      retail: [{ prefix: 'u44', rate: '0.06' }],
    });
    const [first] = world.invite();
    return [world.cdrs[0]?.endReason ?? 'tried', first?.type === 'reject' ? first.status : 0];
  };

  assert.equal(reasonOf('reject'), ['LrnQueryFailed', 503]);
  assert.equal(reasonOf('continue'), ['tried', 0]);
});

test('a call needs at least the level of its rate row', () => {
  const reasonOf = (callLevel: CallLevel, level?: CallLevel) => {
    const row = { prefix: '44', rate: '0.06', ...(level === undefined ? {} : { level }) };
    const world = worldOf({ mapping: { callLevel }, retail: [row] });
    const [first] = world.invite();
    return [world.cdrs[0]?.endReason ?? 'tried', first?.type === 'reject' ? first.status : 0];
  };

  assert.equal(reasonOf('domestic', 'international'), ['NoCallPermission', 403]);
  assert.equal(reasonOf('on-net', 'local'), ['NoCallPermission', 403]);
  assert.equal(reasonOf('domestic', 'domestic'), ['tried', 0]);
  assert.equal(reasonOf('international', 'on-net'), ['tried', 0]);
  assert.equal(reasonOf('on-net'), ['tried', 0], 'a row without a level');
});

test('the same seed makes the same call, another one another', () => {
  const gateways = [{ name: 'one', dialPlans: dialPlans({ caller: '*:1202555????' }) }];
  const callerOf = (seed: number) => dialled(worldOf({ gateways }).invite({ seed }))[0]!.caller;

  assert.is(callerOf(42), callerOf(42));
  assert.is.not(callerOf(42), callerOf(43));
});

test.run();
