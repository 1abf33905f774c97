import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { recordNumber } from '../../../src/sim/record/from-number.ts';
import { network } from '../../call/networks.ts';
import { startMs } from '../played-calls.ts';

const test = suite('sim/record/from-number');

const snapshot = network({
  gateways: [
    { name: 'one', prefixes: ['44'] },
    { name: 'two', prefixes: ['44'] },
  ],
});
const number = {
  callee: '442079460000',
  caller: '12025550100',
  forwarding: null,
  via: 'alice',
  source: { address: '192.0.2.1', port: 5060, transport: 'udp' },
  startMs,
  name: null,
} as const;

test('a number that can be called becomes the call that is answered, and the whole hunt', () => {
  const [answered, hunted, ...others] = recordNumber(snapshot, number);

  assert.equal(others, []);
  assert.is(answered!.name, '442079460000 via alice is carried by one');
  assert.is(hunted!.name, '442079460000 via alice is offered to all of these in turn');
  const tried = [answered!, hunted!].map(
    ({ calls }) => calls[0]!.expect.find(({ subject }) => subject === 'tried')!.matcher,
  );
  assert.equal(tried, [
    { kind: 'list', values: ['one'] },
    { kind: 'list', values: ['one', 'two'] },
  ]);
});

test('a number that nobody carries becomes one scenario that says why', () => {
  const scenarios = recordNumber(snapshot, { ...number, callee: '999' });

  assert.is(scenarios.length, 1);
  assert.match(scenarios[0]!.name, /^999 via alice is refused \(\w+\)$/);
});

test('a name that was chosen begins the names of both', () => {
  const names = recordNumber(snapshot, { ...number, name: 'London' }).map(({ name }) => name);

  assert.equal(names, ['London is carried by one', 'London is offered to all of these in turn']);
});

test.run();
