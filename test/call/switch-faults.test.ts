import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Call } from '../../src/call/call.ts';
import type { SwitchOutput } from '../../src/call/outputs.ts';
import { Switch } from '../../src/call/switch.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { buildSnapshot } from '../support/snapshot-builder.ts';

const test = suite('call/switch-faults');

const sound: Snapshot = buildSnapshot({
  mappingGateways: [{ name: 'retail', addresses: ['127.0.6.10'] }],
  routingGateways: [{ name: 'acme', prefixes: ['44'] }],
});

/** As if a bug of ours threw whenever the routing gateway's setting is looked at while `isBroken`. */
function withBug(setting: 'timeouts' | 'hunting', isBroken: () => boolean): Snapshot {
  const gateway = { ...sound.routingGateways[0]! };
  const value = gateway[setting];
  Object.defineProperty(gateway, setting, {
    get() {
      if (isBroken()) throw new Error('assertion failed');
      return value;
    },
  });
  return { ...sound, routingGateways: [gateway] };
}

function types(outputs: readonly SwitchOutput[]): readonly string[] {
  return outputs.map(output => `${output.type} ${'callId' in output ? output.callId : ''}`.trim());
}

function invite(core: Switch, callId: string, atMs: number): readonly string[] {
  const source = { address: '127.0.6.10', port: 5060, transport: 'udp' } as const;
  const numbers = { caller: '1', callee: '447700900123', forwarding: null, seed: 1 };
  const facts = { ...numbers, sipCallId: callId, timerCapable: false };
  return types(core.handle({ type: 'invite', atMs, callId, source, ...facts }));
}

test('a bug that shows in one call ends it with its record, and every other call goes on', () => {
  let broken = false;
  const core = new Switch({ snapshot: withBug('timeouts', () => broken), balances: new Map() });
  invite(core, 'healthy', 0);

  broken = true;
  const outputs = invite(core, 'unlucky', 10);
  broken = false;

  assert.ok(outputs.includes('writeCdr'));
  const [fault, ...others] = core.takeFaults();
  assert.is(others.length, 0);
  assert.is(fault!.callId, 'unlucky');
  assert.is(fault!.ended, true);
  assert.match(String(fault!.error), /assertion failed/);
  assert.equal(core.takeFaults(), []);
  assert.equal(
    core.calls().map(({ callId }) => callId),
    ['healthy'],
  );
  assert.is(core.gateways().find(({ name }) => name === 'acme')!.activeLines, 1);
});

test('a deadline that fails does not fail again with every input', () => {
  let broken = false;
  const core = new Switch({ snapshot: withBug('hunting', () => broken), balances: new Map() });
  invite(core, 'unlucky', 0);
  broken = true;
  const dueMs = core.nextDeadlineMs()!;

  core.handle({ type: 'tick', atMs: dueMs });

  assert.is(core.takeFaults().length, 1);
  assert.is(core.nextDeadlineMs(), null);
  broken = false;
  assert.equal(invite(core, 'next', dueMs + 1), ['journal', 'dialLeg next']);
});

test('a call that fails while it is cleared up takes no line from another one', () => {
  let broken = false;
  const core = new Switch({ snapshot: withBug('hunting', () => broken), balances: new Map() });
  invite(core, 'healthy', 0);
  invite(core, 'unlucky', 10);
  broken = true;

  const failure = { status: 486, reason: 'Busy Here', origin: 'gateway', retryAfterSeconds: null } as const;
  core.handle({ type: 'legFailed', atMs: 20, callId: 'unlucky', leg: 0, ...failure });

  assert.equal(
    core.takeFaults().map(({ callId, ended }) => ({ callId, ended })),
    [{ callId: 'unlucky', ended: true }],
  );
  for (const name of ['acme', 'retail']) {
    assert.is(core.gateways().find(gateway => gateway.name === name)!.activeLines, 1, name);
  }
});

test('a call that does not let go of a deadline costs itself, and does not keep the switch', () => {
  const core = new Switch({ snapshot: sound, balances: new Map() });
  invite(core, 'stuck', 0);
  const dueMs = core.nextDeadlineMs()!;
  const { fire } = Call.prototype;
  Call.prototype.fire = () => {};
  try {
    core.handle({ type: 'tick', atMs: dueMs });
  } finally {
    Call.prototype.fire = fire;
  }
  const [fault] = core.takeFaults();
  assert.is(fault?.callId, 'stuck');
  assert.match(String(fault?.error), /does not let go of its deadline/);
  assert.is(core.nextDeadlineMs(), null);
});

test.run();
