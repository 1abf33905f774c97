import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { closeInterrupted } from '../../src/call/interrupted.ts';
import type { OpenCall } from '../../src/cdr/open-call.ts';
import { network } from './networks.ts';
import { amount, startMs, World } from './world.ts';

const test = suite('call/interrupted');

function journaled(world: World): OpenCall {
  const journal = world.outputs.findLast(output => output.type === 'journal');
  if (journal?.type !== 'journal') throw new Error('no journal');
  return journal.call;
}

test('an answered call is charged up to the last time the switch was alive, as its own end would', () => {
  const world = new World(network());
  world.invite();
  world.pass(2_000);
  world.answered(0);
  const open = journaled(world);
  world.pass(90_000);
  world.hangup();
  const { cdr, ledger } = closeInterrupted(open, startMs + 92_000);

  assert.equal(ledger, world.ledger);
  assert.equal(cdr, {
    ...world.cdr(),
    endReason: 'Interrupted',
    endedBy: 'switch',
    attempts: [],
    postDialDelayMs: null,
  });
});

test('a call that was not answered costs nothing', () => {
  const world = new World(network());
  world.invite();
  const { cdr, ledger } = closeInterrupted(journaled(world), startMs + 60_000);

  assert.is(cdr.endReason, 'Interrupted');
  assert.is(cdr.status, 503);
  assert.is(cdr.endedAtMs, startMs + 60_000);
  assert.is(cdr.customerCharge, null);
  assert.is(cdr.routingGateway, null);
  assert.equal(ledger, []);
});

test('a call answered after the last sign of life is charged nothing, never less', () => {
  const world = new World(network());
  world.invite();
  world.pass(2_000);
  world.answered(0);
  const { cdr, ledger } = closeInterrupted(journaled(world), startMs);

  assert.is(cdr.talkSeconds, 0);
  assert.is(cdr.endedAtMs, startMs + 2_000);
  assert.is(cdr.customerCharge?.amount, amount('0'));
  assert.equal(ledger, []);
});

test.run();
