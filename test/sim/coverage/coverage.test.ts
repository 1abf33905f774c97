/** Of every kind of element: calls that cover it, and calls that come near and do not. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { coverageKindNames } from '../../../src/sim/coverage/kinds.ts';
import { network } from '../../call/networks.ts';
import { fails, plain } from './case.ts';
import { failures, limits } from './limit-cases.ts';
import { participants } from './participant-cases.ts';
import { numbers, rules } from './rule-cases.ts';
import { rates, times } from './time-and-rate-cases.ts';
import { WatchedCalls } from './watched-calls.ts';

const test = suite('sim/coverage/coverage');

const cases = [...participants, ...numbers, ...rules, ...times, ...failures, ...limits, ...rates];

for (const [place, { kind, name, snapshot, covers, comesNear }] of cases.entries()) {
  test(`${place + 1}: ${kind} "${name}" is covered by calls that exercise it, and by no others`, () => {
    const near = new WatchedCalls(snapshot);
    comesNear(near);
    assert.is(near.hits(kind, name), 0, 'calls that come near');

    const over = new WatchedCalls(snapshot);
    covers(over);
    assert.ok(over.hits(kind, name) > 0, 'calls that exercise it');
  });
}

test('there is a case for every kind', () => {
  assert.equal(
    coverageKindNames.filter(kind => !cases.some(one => one.kind === kind)),
    [],
  );
});

test('whatever of a switch was watched adds up, and a restart begins with a new one', () => {
  const first = new WatchedCalls(plain);
  first.talk(1);
  const second = new WatchedCalls(plain, {}, first.coverage);
  second.talk(1);
  assert.is(second.hits('answeringGateway', 'one'), 2);
  assert.is(second.hits('rateRow', 'retail: 44'), 2);
});

test('calls of another configuration are served and cover nothing', () => {
  const calls = new WatchedCalls(plain);
  calls.give({ type: 'snapshot', snapshot: network({ hash: 'another' }) });
  calls.talk(1);
  assert.is(calls.elements().filter(({ hits }) => hits > 0).length, 0);
});

test('what many gateways inherit from one line is one element, that any of them covers', () => {
  const at = { file: 'templates/vendor.yaml', line: 4, column: 3 };
  const places = { settings: [], at: [], inherited: { 'hunting.stopAfterUserBusy': at } };
  const calls = new WatchedCalls(
    network({
      gateways: [
        { name: 'one', places },
        { name: 'two', places },
        { name: 'three', places: { settings: ['hunting.stopAfterUserBusy'], at: [9, 5], inherited: {} } },
      ],
    }),
  );
  fails(486)(calls);
  const stops = calls.elements().filter(({ name }) => name.endsWith('stop after 486'));
  assert.equal(
    stops.map(({ name, source, hits }) => [name, `${source.file}:${source.line}`, hits]),
    [
      ['stop after 486', 'templates/vendor.yaml:4', 1],
      ['three: stop after 486', 'gateways/routing/three.yaml:9', 0],
    ],
  );
});

test('an attempt that could not be sent is no 503 of the gateway', () => {
  const snapshot = network({
    gateways: [{ name: 'one', stopCodes: [{ from: 503, to: 503 }] }, { name: 'two' }],
  });
  const calls = new WatchedCalls(snapshot);
  fails(503, { origin: 'unreachable' })(calls);
  assert.is(calls.hits('failurePath', 'one: stop on 503'), 0);
  assert.is(calls.hits('failurePath', 'one: a failure after which the hunt goes on'), 1);
});

test('of very many calls one of sixteen is asked for the gateways left out, and more after one that ended anew', () => {
  const calls = new WatchedCalls(network({ gateways: [{ name: 'one', locked: true }, { name: 'two' }] }));
  const refuse = () => calls.fails(calls.invite(), 0, 486);
  for (let call = 0; call < 2000; call++) refuse();
  assert.is(calls.hits('routeRule', 'one: locked'), 2000);
  for (let call = 0; call < 33; call++) refuse();
  assert.is(calls.hits('routeRule', 'one: locked'), 2033);
  for (let call = 0; call < 160; call++) refuse();
  assert.is(calls.hits('routeRule', 'one: locked'), 2033 + 10);
  assert.is(calls.hits('prefix', 'two: 44'), 2193, 'attempts are counted all the same');
});

test.run();
