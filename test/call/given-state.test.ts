import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Circumstances } from '../../src/call/given-state.ts';
import { Switch } from '../../src/call/switch.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { noMoney, parseMoney } from '../../src/rating/money.ts';
import { member } from '../support/routing-rules.ts';
import { buildSnapshot } from '../support/snapshot-builder.ts';
import { network } from './networks.ts';
import { startMs } from './world.ts';

const test = suite('call/given-state');

const balances = new Map([
  ['alice', parseMoney('100')!],
  ['victor', parseMoney('100')!],
]);

function begin(snapshot: Snapshot, given: Partial<Circumstances> = {}): Switch {
  const nothing = new Map<string, never>();
  const none = { mappingLines: nothing, routingLines: nothing, accountLines: nothing, carried: nothing };
  const core = new Switch({
    snapshot,
    balances,
    given: { ...none, offline: new Set(), asr: nothing, ...given },
  });
  core.handle({ type: 'tick', atMs: startMs });
  return core;
}

function invite(core: Switch, callId: string = 'call', atMs: number = startMs): readonly string[] {
  const outputs = core.handle({
    ...{ type: 'invite', atMs, callId, caller: '12025550100', callee: '442079460000', forwarding: null },
    source: { address: '192.0.2.1', port: 5060, transport: 'udp' },
    ...{ seed: 1, sipCallId: callId, timerCapable: true },
  });
  return outputs.flatMap(output => {
    if (output.type === 'dialLeg') return [output.gateway];
    return output.type === 'writeCdr' ? [output.cdr.endReason] : [];
  });
}

test('lines that others hold are in use, and stay so', () => {
  const limited = network({ gateways: [{ name: 'one', lines: 10 }, { name: 'two' }] });
  const core = begin(limited, { routingLines: new Map([['one', 9]]) });
  assert.equal(invite(core, 'a'), ['one']);
  assert.equal(invite(core, 'b'), ['two']);
  core.handle({ type: 'callerCancel', atMs: startMs, callId: 'a' });
  assert.is(core.view.routingGateways[0]!.active, 9);
  assert.equal(invite(core, 'c'), ['one']);
});

test('infinitely many lines in use fill a gateway without a limit', () => {
  const core = begin(network(), { routingLines: new Map([['one', Number.POSITIVE_INFINITY]]) });
  assert.equal(invite(core), ['two']);
});

test('a customer whose lines others hold gets none', () => {
  const limited = network({ mapping: { lines: 3 }, customer: { lines: 5 } });
  assert.equal(invite(begin(limited, { mappingLines: new Map([['alice-in', 2]]) })), ['one']);
  assert.equal(invite(begin(limited, { mappingLines: new Map([['alice-in', 3]]) })), ['LineLimit']);
  assert.equal(invite(begin(limited, { accountLines: new Map([['alice', 5]]) })), ['LineLimit']);
  const endless = { mappingLines: new Map([['alice-in', Number.POSITIVE_INFINITY]]) };
  assert.equal(invite(begin(network(), endless)), ['LineLimit']);
});

test('lines of a gateway count in its groups', () => {
  const grouped = buildSnapshot({
    mappingGateways: [{ name: 'in', addresses: ['192.0.2.1'] }],
    routingGateways: ['one', 'two'].map((name, priority) => ({
      ...{ name, priority, prefixes: ['44'], groups: [member(0, 0)] },
    })),
    gatewayGroups: [{ name: 'shared', lines: 10 }],
  });
  assert.equal(invite(begin(grouped, { routingLines: new Map([['one', 9]]) })), ['one']);
  assert.equal(invite(begin(grouped, { routingLines: new Map([['one', 10]]) })), ['AllGatewayBusy']);
  const endless = { routingLines: new Map([['one', Number.POSITIVE_INFINITY]]) };
  assert.equal(invite(begin(grouped, endless)), ['two']);
});

test('a gateway that carried fewer calls comes first among equals', () => {
  const equal = network({
    gateways: [
      { name: 'one', priority: 1 },
      { name: 'two', priority: 1 },
    ],
  });
  assert.equal(invite(begin(equal, { carried: new Map([['one', 1]]) })), ['two']);
  assert.equal(invite(begin(equal, { carried: new Map([['two', 1]]) })), ['one']);
});

test('a gateway that is offline stays so until an answer to OPTIONS says otherwise', () => {
  const asked = network({ gateways: [{ name: 'one', optionsCheck: true }, { name: 'two' }] });
  const core = begin(asked, { offline: new Set(['one']) });
  assert.equal(invite(core, 'a'), ['two']);
  core.handle({ type: 'callerCancel', atMs: startMs, callId: 'a' });
  const askedAtMs = core.nextDeadlineMs()!;
  const [question] = core.handle({ type: 'tick', atMs: askedAtMs });
  assert.is(question?.type, 'sendOptions');
  const request = question?.type === 'sendOptions' ? question.request : 0;
  const told = core.handle({
    ...{ type: 'optionsResult', atMs: askedAtMs + 20, gateway: 'one', request },
    ...{ outcome: 'response', status: 200 },
  });
  const [output] = told;
  assert.is(output?.type === 'gatewayAvailability' && output.offlineMs, askedAtMs + 20 - startMs);
  assert.equal(invite(core, 'b', askedAtMs + 20), ['one']);
});

test('a gateway that nobody asks is never known to be offline', () => {
  assert.equal(invite(begin(network(), { offline: new Set(['one']) })), ['one']);
});

test('a ratio that is given counts until twenty attempts have been measured', () => {
  const measured = network({ gateways: [{ name: 'one', calculateQuality: true }] });
  const core = begin(measured, { asr: new Map([['one', 0.4]]) });
  for (let attempt = 0; attempt < 20; attempt++) {
    assert.is(core.view.asr(0), 0.4);
    const callId = `call-${attempt}`;
    invite(core, callId);
    core.handle({ type: 'legAnswered', atMs: startMs, callId, leg: 0 });
    core.handle({ type: 'hangup', atMs: startMs, callId, by: 'caller' });
  }
  assert.is(core.view.asr(0), 1);
});

test('once a ratio was measured, the one that was given does not come back', () => {
  const measured = network({ gateways: [{ name: 'one', calculateQuality: true }] });
  const core = begin(measured, { asr: new Map([['one', 0.4]]) });
  for (let attempt = 0; attempt < 20; attempt++) {
    invite(core, `call-${attempt}`);
    core.handle({ type: 'callerCancel', atMs: startMs, callId: `call-${attempt}` });
  }
  assert.is(core.view.asr(0), 0);
  core.handle({ type: 'tick', atMs: startMs + 10_000_000 });
  assert.is(core.view.asr(0), null);
});

test('nothing that is given changes what anybody has', () => {
  const core = begin(network(), { routingLines: new Map([['one', 3]]) });
  for (const { held } of core.accounts()) assert.is(held, noMoney);
  assert.is(core.accounts().find(({ name }) => name === 'alice')?.balance, parseMoney('100'));
});

test.run();
