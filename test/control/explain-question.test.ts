import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { explainQuestion } from '../../src/control/explain-question.ts';
import { OperationError } from '../../src/live/operations.ts';

const test = suite('control/explain-question');

test('what is not asked is left to the switch', () => {
  assert.equal(explainQuestion({ callee: '44', via: 'retail' }), {
    callee: '44',
    caller: '',
    forwarding: null,
    from: { kind: 'gateway', name: 'retail' },
    atMs: null,
    seed: null,
    down: [],
    full: [],
  });
});

test('an address takes the port of SIP when it names none', () => {
  const body = { callee: '44', address: '192.0.2.1', at: '2026-06-01T00:00:00Z', seed: 3, full: ['acme'] };
  const asked = explainQuestion(body);

  assert.equal(asked.from, { kind: 'address', address: '192.0.2.1', port: 5060 });
  assert.is(asked.atMs, Date.UTC(2026, 5, 1));
  assert.is(asked.seed, 3);
  assert.equal(asked.full, ['acme']);
  assert.equal(explainQuestion({ ...body, port: 5080 }).from, {
    kind: 'address',
    address: '192.0.2.1',
    port: 5080,
  });
});

test('what makes no sense is refused with its name', () => {
  for (const [body, message] of [
    [{ via: 'a' }, 'callee is missing'],
    [{ callee: 44, via: 'a' }, 'callee must be text'],
    [{ callee: '44' }, 'one of via and address'],
    [{ callee: '44', via: 'a', address: 'b' }, 'one of via and address'],
    [{ callee: '44', address: 'b', port: 70_000 }, 'port must be'],
    [{ callee: '44', via: 'a', seed: -1 }, 'seed must be'],
    [{ callee: '44', via: 'a', seed: 1.5 }, 'seed must be'],
    [{ callee: '44', via: 'a', at: 'noon' }, 'at must be'],
    [{ callee: '44', via: 'a', at: '2026-13-01T00:00:00Z' }, 'at must be'],
    [{ callee: '44', via: 'a', at: '2026-02-29T00:00:00Z' }, 'at must be'],
    [{ callee: '44', via: 'a', at: '2026-02-28T00:00:00' }, 'at must be'],
    [{ callee: '44', via: 'a', down: 'b' }, 'down must be'],
    [{ callee: '44', via: 'a', full: [1] }, 'full must be'],
    [{ callee: '44', via: 'a', gateway: 'b' }, 'gateway is unknown'],
  ] as const) {
    assert.throws(
      () => explainQuestion(body),
      (error: unknown) => error instanceof OperationError && error.message.includes(message),
    );
  }
});

test.run();
