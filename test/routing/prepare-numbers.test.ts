import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LrnSettings } from '../../src/config/snapshot.ts';
import {
  type PreparedNumbers,
  prepareNumbers,
  type RefusedNumbers,
} from '../../src/routing/prepare-numbers.ts';
import { dialPlans, lrnTable } from '../support/dial-plans.ts';
import {
  buildSnapshot,
  type MappingGatewayDescription,
  type SnapshotDescription,
} from '../support/snapshot-builder.ts';

const test = suite('routing/prepare-numbers');

const atMs = Date.UTC(2026, 0, 7, 12);
const source = { file: 'gateways/mapping/alice.yaml', line: 9, column: 1 };

interface Asked {
  readonly caller?: string;
  readonly callee?: string;
  readonly forwarding?: string | null;
  readonly seed?: number;
  readonly shareSlot?: number;
}

/** The numbers of a call through a mapping gateway that is described. */
function prepare(
  gateway: Partial<MappingGatewayDescription>,
  { caller = '12125550100', callee = '0207946', forwarding = null, seed = 1, shareSlot = 0 }: Asked = {},
  rest: SnapshotDescription = {},
): PreparedNumbers | RefusedNumbers {
  const snapshot = buildSnapshot({ ...rest, mappingGateways: [{ name: 'alice', ...gateway }] });
  const access = { caller, callee, forwarding };
  return prepareNumbers(snapshot, snapshot.mappingGateways[0]!, access, { atMs, seed, shareSlot }, true);
}

function prepared(...given: Parameters<typeof prepare>): PreparedNumbers {
  const numbers = prepare(...given);
  if (numbers.kind === 'refused') throw new Error(numbers.detail);
  return numbers;
}

function refusal(...given: Parameters<typeof prepare>): RefusedNumbers {
  const numbers = prepare(...given);
  if (numbers.kind === 'prepared') throw new Error('was not refused');
  return numbers;
}

test('without rules every number stays as it was received', () => {
  const numbers = prepared({}, { forwarding: '4930123' });

  assert.equal(numbers.billing, { caller: '12125550100', callee: '0207946', forwarding: '4930123' });
  assert.equal(
    [numbers.calleeToRoute, numbers.calleeToSend, numbers.calleeToRate],
    ['0207946', '0207946', '0207946'],
  );
  assert.equal(numbers.steps, []);
});

test('dial plans rewrite caller, callee and forwarding number, and tell which rule it was', () => {
  const plans = dialPlans({ caller: '1:001', callee: '0:44', forwarding: '49:0049' });
  const numbers = prepared({ dialPlans: plans }, { forwarding: '4930123' });

  assert.equal(numbers.access, { caller: '12125550100', callee: '0207946', forwarding: '4930123' });
  assert.equal(numbers.billing, { caller: '0012125550100', callee: '44207946', forwarding: '004930123' });
  assert.is(numbers.calleeToRoute, '44207946');
  assert.is(numbers.calleeToRate, '44207946');
  assert.equal(
    numbers.steps.map(({ number, detail, source: { line } }) => [number, detail, line]),
    [
      ['caller', 'rule 1:001 of alice', 1],
      ['callee', 'rule 0:44 of alice', 1],
      ['forwarding', 'rule 49:0049 of alice', 1],
    ],
  );
  const [step] = prepared({ dialPlans: plans }, { caller: '2' }).steps;
  assert.is(step?.detail, 'no rule of the dial plan of alice fits');
});

test("the plans of a period take the gateway's place while the time lies in it, and only then", () => {
  const always = { fromMinute: 0, untilMinute: 1440 };
  const zone = { name: 'UTC', changesAtMs: [], offsetsMs: [0] };
  const calendar = (name: string, inside: boolean) => ({
    name,
    source,
    zone,
    week: Array.from({ length: 7 }, () => (inside ? [always] : [])),
    exceptions: [],
  });
  const period = {
    source,
    available: true,
    lines: null,
    priority: null,
    callerPrefixes: null,
    calleePrefixes: null,
  };
  const callee = (...periods: readonly (readonly [calendar: number, plans: number])[]) =>
    prepared(
      {
        dialPlans: dialPlans({ callee: '0:44' }),
        periodDialPlans: [dialPlans({ callee: '0:33' })],
        periods: periods.map(([each, plans]) => ({ ...period, calendar: each, dialPlans: plans })),
      },
      {},
      { calendars: [calendar('never', false), calendar('always', true)] },
    ).calleeToRoute;

  assert.is(callee([1, 0]), '33207946');
  assert.is(callee([0, 0]), '44207946', 'outside of its calendar');
  assert.is(callee([1, -1]), '44207946', 'a period without plans of its own');
  assert.is(callee([1, -1], [1, 0]), '44207946', 'the first period that fits counts alone');
});

test('a number that is made empty, too long or that was never one is refused, and says why', () => {
  const caseOf = (plans: Parameters<typeof dialPlans>[0], asked: Asked = {}) =>
    refusal({ dialPlans: dialPlans(plans) }, asked).detail;

  assert.is(caseOf({ callee: '*:' }), 'the callee after the dial plan is empty');
  assert.is(caseOf({ caller: '*:' }), 'the caller after the dial plan is empty');
  assert.is(
    caseOf({ callee: `*:${'1'.repeat(26)}*` }),
    'the callee after the dial plan is longer than 32 characters',
  );
  assert.is(caseOf({}, { callee: '' }), 'the callee is empty');
  assert.is(caseOf({}, { callee: '4'.repeat(40) }), 'the callee is longer than 32 characters');
  assert.is(caseOf({}, { callee: '٤٤٢٠٧' }), 'the callee holds characters that no number in SIP may hold');
  assert.is(
    caseOf({ callee: '4:*' }, { callee: '4'.repeat(65) }),
    'the callee as received is longer than 64 characters',
  );
  assert.equal(refusal({ dialPlans: dialPlans({ callee: '9:1,*:' }) }).source, {
    file: 'plans.yaml',
    line: 2,
    column: 1,
  });
});

test('a dial plan may shorten a number of 40 digits, and takes a leading plus as it is', () => {
  const digits = `99999999${'4'.repeat(32)}`;
  assert.is(
    prepared({ dialPlans: dialPlans({ callee: '99999999:' }) }, { callee: digits }).calleeToRoute,
    '4'.repeat(32),
  );
  assert.is(prepared({ dialPlans: dialPlans({ callee: '+:' }) }, { callee: '+4420' }).calleeToRoute, '4420');
  assert.is(prepared({}, { callee: '+4420' }).calleeToRoute, '+4420');
});

test('a caller that nothing can be sent as goes on as one who does not tell, unless a dial plan puts it right', () => {
  const uuid = '0f8fad5b-d9cb-469f-a165-70867728950e';
  for (const caller of [uuid, 'John Doe', '4420@example.net', '٤٤٢٠٧', 'x'.repeat(100_000)]) {
    const numbers = prepared({}, { caller });
    assert.is(numbers.billing.caller, '');
    assert.is(numbers.access.caller, caller);
    assert.is(numbers.steps.at(-1)?.stage, 'callerUnusable');
    assert.is(numbers.calleeToRoute, prepared({}).calleeToRoute);
  }
  const plan = dialPlans({ caller: '*G32:4420,*E8:' });
  assert.is(prepared({ dialPlans: plan }, { caller: uuid }).billing.caller, '4420');
  assert.is(prepared({ dialPlans: plan }, { caller: 'John Doe' }).billing.caller, '');
  assert.is(
    refusal({ dialPlans: dialPlans({ caller: `*:${'1'.repeat(33)}` }) }).detail,
    'the caller after the dial plan is longer than 32 characters',
    'what a rule makes of a good caller is a mistake of the rule',
  );
});

test('a caller who does not tell stays empty, and a forwarding number that is made empty is none', () => {
  assert.is(prepared({}, { caller: '' }).billing.caller, '');
  const plans = dialPlans({ forwarding: '*:' });
  assert.is(prepared({ dialPlans: plans }, { forwarding: '4930' }).billing.forwarding, null);
});

test('random targets are drawn from the seed of the call, each number from draws of its own', () => {
  const callers = dialPlans({ caller: '*:1212555????' });
  const both = dialPlans({ caller: '*:1212555????', callee: '*:4420????' });
  const numbers = (plans: typeof both, seed: number) => prepared({ dialPlans: plans }, { seed }).billing;

  assert.equal(numbers(both, 7), numbers(both, 7));
  assert.is(numbers(callers, 7).caller, numbers(both, 7).caller, 'another draw moves none');
  assert.is.not(numbers(both, 7).caller, numbers(both, 8).caller);
  assert.is.not(numbers(both, 7).caller.slice(-4), numbers(both, 7).callee.slice(-4));
});

test('a route share puts its tag before the callee, which rating leaves out when it is a route tag', () => {
  const routeShares = {
    shares: [
      { tag: 'a', weight: 1, source },
      { tag: 'ab', weight: 1, source },
    ],
    total: 2,
    source,
  };
  const numbers = (slot: number, routeTags: readonly string[]) =>
    prepared({ routeShares }, { callee: '4420', shareSlot: slot }, { parameters: { routeTags } });
  const tags = [numbers(0, []), numbers(1, [])].map(({ calleeToRoute }) => calleeToRoute).sort();
  assert.equal(tags, ['a4420', 'ab4420']);

  for (const slot of [0, 1]) {
    const tagged = numbers(slot, ['a', 'ab']);
    assert.is(tagged.calleeToRate, '4420', 'the longest tag counts');
    assert.is(numbers(slot, ['ab', 'a']).calleeToRate, '4420', 'in any order');
    assert.is(tagged.calleeToSend, tagged.calleeToRoute, 'a routing gateway gets the tag, to take it off');
    assert.is(tagged.billing.callee, '4420');
    assert.is(numbers(slot, []).calleeToRate, tagged.calleeToRoute, 'the control: no tag is known');
  }
});

const lrn: LrnSettings = {
  table: 0,
  eatPrefixDigits: 0,
  onFailure: 'continue',
  intrastatePrefix: 'i',
  interstatePrefix: 'x',
  undeterminedPrefix: 'u',
  routeByLrn: false,
  source,
};

const lrnTables = [
  lrnTable('212555 - NY', '2125550199 2015550000 -', '201555 - NJ', '312555 - -', '201777 6462000000 NJ'),
];

test('the LRN decides what stands before the number that is rated: by the states of caller and LRN', () => {
  const rated = (callee: string, caller: string) =>
    prepared({ lrn }, { callee, caller }, { lrnTables }).calleeToRate;

  assert.is(rated('12125550100', '12125550111'), 'i12125550100');
  assert.is(rated('12125550100', '2015550000'), 'x12125550100');
  assert.is(rated('12125550199', '12125550111'), 'x12125550199', 'ported to New Jersey');
  assert.is(rated('12125550100', ''), 'u12125550100', 'the caller does not tell');
  assert.is(rated('13125550000', '12125550111'), 'u13125550000', 'no state is known');
  assert.is(rated('14165550000', '12125550111'), 'u14165550000', 'no LRN is known');
  assert.is(prepared({}, { callee: '12125550100' }, { lrnTables }).calleeToRate, '12125550100');
});

test('routing goes by the LRN where it is told to, what is sent does not', () => {
  const numbers = (given: Partial<LrnSettings>, callee: string) =>
    prepared({ lrn: { ...lrn, ...given } }, { callee }, { lrnTables });

  const byLrn = numbers({ routeByLrn: true }, '12125550199');
  assert.equal(
    [byLrn.lrn, byLrn.calleeToRoute, byLrn.calleeToSend, byLrn.calleeToRate],
    ['2015550000', '12015550000', '12125550199', 'x12015550000'],
  );
  const control = numbers({}, '12125550199');
  assert.equal([control.lrn, control.calleeToRoute], ['2015550000', '12125550199']);
  const eaten = numbers({ routeByLrn: true, eatPrefixDigits: 3 }, '011+12125550199');
  assert.is(eaten.calleeToRoute, '011+12015550000');
});

test('a number without LRN is refused or goes on, as the mapping gateway says', () => {
  const asked = { callee: '442079460000' };
  const refused = refusal({ lrn: { ...lrn, onFailure: 'reject' } }, asked, { lrnTables });

  assert.is(refused.reason, 'LrnQueryFailed');
  assert.is(refused.detail, 'npac has no LRN for 442079460000');
  assert.equal(refused.source, source);
  assert.is(prepared({ lrn }, asked, { lrnTables }).calleeToRoute, '442079460000');
  const short = { callee: '12' };
  const all = { ...lrn, eatPrefixDigits: 3, onFailure: 'reject' as const };
  assert.is(refusal({ lrn: all }, short, { lrnTables }).reason, 'LrnQueryFailed');
});

test('whatever is received and whatever the rules, nothing throws and what goes on can be sent', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({ unit: fc.constantFrom(...'0123456789+*#ab'), maxLength: 70 }),
  );
  const plans = fc.constantFrom('', '*:', '*:9*9', '?:', '*1*:**5', '0:44', 'G20:', '?*:????????????????');
  fc.assert(
    fc.property(
      text,
      text,
      fc.option(text),
      plans,
      plans,
      fc.boolean(),
      (caller, callee, forwarding, a, b, byLrn) => {
        const gateway = {
          dialPlans: dialPlans({ caller: a, callee: b, forwarding: a }),
          lrn: { ...lrn, routeByLrn: byLrn, eatPrefixDigits: 2 },
        };
        const numbers = prepare(gateway, { caller, callee, forwarding }, { lrnTables });
        if (numbers.kind === 'refused') return;
        for (const number of [numbers.calleeToRoute, numbers.calleeToSend]) {
          assert.match(number, /^[!#$&-9;=?A-Z_a-z~]{1,32}$/);
        }
      },
    ),
  );
});

test.run();
