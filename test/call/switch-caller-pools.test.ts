import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CallerPoolState } from '../../src/call/caller-pool-state.ts';
import type { CallerPool } from '../../src/config/snapshot.ts';
import { network } from './networks.ts';
import { World } from './world.ts';

const test = suite('call/switch-caller-pools');

const source = { file: 'gateways/routing/one.yaml', line: 4, column: 1 };

function pool(numbers: readonly string[], given: Partial<CallerPool> = {}): CallerPool {
  return { lists: [0], numbers, linesPerNumber: 1, order: 'rotating', source, ...given };
}

function poolNetwork(callerPool: CallerPool | null) {
  return network({ gateways: [{ name: 'one', callerPool }, { name: 'two' }] });
}

function worldOf(callerPool: CallerPool | null): World {
  return new World(poolNetwork(callerPool), { alice: '100' });
}

/** Gateway and caller of the leg that a call dials. */
function dial(world: World, callId: string): string {
  const leg = world.invite({ callId }).find(output => output.type === 'dialLeg');
  return leg?.type === 'dialLeg' ? `${leg.gateway} ${leg.caller}` : 'none';
}

test('the caller is taken from the pool, and a pool that is used up is skipped until a call ends', () => {
  const world = worldOf(pool(['4420', '4421']));

  assert.is(dial(world, 'a'), 'one 4420');
  assert.is(dial(world, 'b'), 'one 4421');
  assert.is(dial(world, 'c'), 'two 12025550100');
  world.cancel('a');
  assert.is(dial(world, 'd'), 'one 4420');
  world.cancel('b');
  world.cancel('c');
  world.cancel('d');
  assert.is(world.cdr('b').sentCaller, '4421');
  assert.is(world.cdr('b').attempts[0]!.caller, '4421');
  assert.is(world.cdr('b').billingCaller, '12025550100');
  world.assertQuiet();
});

test('the control: without a pool the caller stays who it is', () => {
  assert.is(dial(worldOf(null), 'a'), 'one 12025550100');
});

test('a number is given back when its gateway fails, not only when the call ends', () => {
  const world = worldOf(pool(['4420']));
  dial(world, 'a');
  world.failed(503, 0, { callId: 'a' });

  assert.is(dial(world, 'b'), 'one 4420');
});

test('a call that is answered keeps its number through a change of the configuration', () => {
  const world = worldOf(pool(['4420']));
  dial(world, 'a');
  world.answered(0, 'a');
  world.give({ type: 'snapshot', snapshot: poolNetwork(pool(['4420', '4421'])) });

  assert.is(dial(world, 'b'), 'one 4421');
  assert.is(dial(world, 'c'), 'two 12025550100');
  world.give({ type: 'snapshot', snapshot: poolNetwork(pool(['4421'])) });
  assert.is(dial(world, 'd'), 'two 12025550100', '4421 is busy and 4420 has left');
  world.hangup('caller', 'a');
  world.cancel('b');
  assert.is(dial(world, 'e'), 'one 4421');
});

test('a number that was not lent cannot be given back', () => {
  assert.throws(() => new CallerPoolState().give('4420'), /not lent/);
});

test('a pool is used up when each of its own numbers is, whatever others are in use', () => {
  const state = new CallerPoolState();
  const two = pool(['1', '2'], { linesPerNumber: 2 });
  for (const number of ['1', '1', '9', '9']) state.take(number);

  assert.not(state.isUsedUp(two), 'so many calls, but not with its numbers');
  state.take('2');
  assert.not(state.isUsedUp(two));
  state.take('2');
  assert.ok(state.isUsedUp(two));
  state.give('1');
  assert.not(state.isUsedUp(two));
  state.give('9');
  state.give('9');
  state.take('1');
  assert.ok(state.isUsedUp(two), 'exactly as many calls as it has room for');
  assert.not(state.isUsedUp(pool(['1', '2'], { linesPerNumber: null })));
  assert.ok(state.isUsedUp(pool([], { linesPerNumber: null })));
});

type Step =
  | { readonly do: 'call' }
  | { readonly do: 'end' | 'fail' | 'answer'; readonly which: number }
  | { readonly do: 'reload'; readonly pool: number };

const pools: readonly (CallerPool | null)[] = [
  pool(['1', '2', '3']),
  pool(['3', '4'], { linesPerNumber: 2, order: 'random' }),
  pool(['1'], { linesPerNumber: 3 }),
  pool(['5', '1'], { order: 'random' }),
  null,
];

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Step>({ do: 'call' }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('end' as const, 'fail' as const, 'answer' as const),
      which: fc.nat(30),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reload' as const), pool: fc.nat(pools.length - 1) }) },
);

test('whatever happens, no number has more calls than it may, and none is lost', () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 60 }), history => {
      const world = worldOf(pools[0]!);
      let current = pools[0]!;
      /** By call: the number of the pool that it has. */
      const holds = new Map<string, string>();
      const callsOf = (number: string) => [...holds.values()].filter(one => one === number).length;
      let count = 0;
      const take = (callId: string) => {
        const [gateway, number] = dial(world, callId).split(' ') as [string, string];
        const isFree =
          current === null || current.numbers.some(one => callsOf(one) < current!.linesPerNumber!);
        assert.is(gateway, isFree ? 'one' : 'two');
        if (gateway !== 'one' || current === null) return;
        assert.ok(current.numbers.includes(number));
        holds.set(callId, number);
        assert.ok(callsOf(number) <= current.linesPerNumber!, `${number} has ${callsOf(number)} calls`);
      };
      for (const step of history) {
        if (step.do === 'call') take(`call-${count++}`);
        else if (step.do === 'reload') {
          current = pools[step.pool]!;
          world.give({ type: 'snapshot', snapshot: poolNetwork(current) });
        } else {
          const callId = `call-${step.which}`;
          if (step.do === 'answer') world.answered(0, callId);
          else if (step.do === 'fail') {
            world.failed(486, 0, { callId });
          } else {
            world.cancel(callId);
            world.hangup('caller', callId);
          }
          const isUp = world.core.calls().some(call => call.callId === callId);
          if (!isUp) holds.delete(callId);
        }
      }
      world.give({ type: 'shutdown' });
      const { callerPool } = world.core.view.routingGateways[0]!;
      for (const number of ['1', '2', '3', '4', '5']) assert.is(callerPool.callsWith(number), 0);
      world.assertQuiet();
    }),
    { numRuns: 300 },
  );
});

test.run();
