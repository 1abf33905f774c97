import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { findMappingGateway } from '../../src/routing/ingress.ts';
import { buildSnapshot } from '../support/snapshot-builder.ts';

const test = suite('routing/ingress');

/** `name`, `name refuses the number` or `unknown`. */
function gatewayFor(snapshot: Snapshot, address: string, port = 5060, caller = '1', callee = '44'): string {
  const match = findMappingGateway(snapshot, { address, port }, caller, callee, 0);
  if (match.kind === 'unknownSource') return 'unknown';
  const { name } = snapshot.mappingGateways[match.mappingGateway]!;
  return match.kind === 'found' ? name : `${name} refuses the number`;
}

test('the source address finds its gateway, over IPv4, IPv6 and IPv4 in IPv6', () => {
  const snapshot = buildSnapshot({
    mappingGateways: [
      { name: 'four', addresses: ['192.0.2.1', '198.51.100.0/24'] },
      { name: 'six', addresses: ['2001:db8::1', '2001:db8:1::/48'] },
    ],
  });
  assert.is(gatewayFor(snapshot, '192.0.2.1'), 'four');
  assert.is(gatewayFor(snapshot, '198.51.100.77'), 'four');
  assert.is(gatewayFor(snapshot, '::ffff:192.0.2.1'), 'four');
  assert.is(gatewayFor(snapshot, '2001:0db8:0::1'), 'six');
  assert.is(gatewayFor(snapshot, '2001:db8:1:ffff::5'), 'six');
  assert.is(gatewayFor(snapshot, '192.0.2.2'), 'unknown');
  assert.is(gatewayFor(snapshot, '2001:db8:2::1'), 'unknown');
  assert.is(gatewayFor(snapshot, 'not an address'), 'unknown');
});

test('a network for all of IPv6 says nothing about IPv4', () => {
  const snapshot = buildSnapshot({ mappingGateways: [{ name: 'six', addresses: ['::/0'] }] });
  assert.is(gatewayFor(snapshot, '::1'), 'six');
  assert.is(gatewayFor(snapshot, '10.0.0.1'), 'unknown');
});

test('the most specific network decides, and a refusal there is final', () => {
  const snapshot = buildSnapshot({
    mappingGateways: [
      { name: 'wide', addresses: ['10.0.0.0/8'] },
      { name: 'host', addresses: ['10.1.2.3'], calleePrefixes: { allow: ['44'] } },
      { name: 'narrow', addresses: ['10.1.2.0/24'] },
    ],
  });
  assert.is(gatewayFor(snapshot, '10.9.9.9'), 'wide');
  assert.is(gatewayFor(snapshot, '10.1.2.4'), 'narrow');
  assert.is(gatewayFor(snapshot, '10.1.2.3'), 'host');
  assert.is(gatewayFor(snapshot, '10.1.2.3', 5060, '1', '33'), 'host refuses the number');
});

test('a way in for the very port beats one for every port', () => {
  const snapshot = buildSnapshot({
    mappingGateways: [
      { name: 'any-port', addresses: ['10.1.2.3'] },
      { name: 'port', addresses: [{ address: '10.1.2.3', port: 5070 }] },
    ],
  });
  assert.is(gatewayFor(snapshot, '10.1.2.3', 5070), 'port');
  assert.is(gatewayFor(snapshot, '10.1.2.3', 5060), 'any-port');
});

test('a source that only other ports are for is unknown, or belongs to a wider network', () => {
  const snapshot = buildSnapshot({
    mappingGateways: [
      {
        name: 'port',
        addresses: [
          { address: '10.1.2.3', port: 5070 },
          { address: '10.9.9.9', port: 1 },
        ],
      },
      { name: 'wide', addresses: ['10.1.0.0/16'] },
    ],
  });
  assert.is(gatewayFor(snapshot, '10.9.9.9', 5060), 'unknown');
  assert.is(gatewayFor(snapshot, '10.1.2.3', 5060), 'wide');
});

test('gateways on one address are told apart by caller and callee', () => {
  const snapshot = buildSnapshot({
    mappingGateways: [
      { name: 'tagged', addresses: ['10.0.0.1'], calleePrefixes: { allow: ['gold'] } },
      { name: 'german', addresses: ['10.0.0.1'], callerPrefixes: { allow: ['49'] } },
      { name: 'rest', addresses: ['10.0.0.1'], callerPrefixes: { deny: ['49', '7'] } },
    ],
  });
  assert.is(gatewayFor(snapshot, '10.0.0.1', 5060, '491', 'gold44'), 'tagged');
  assert.is(gatewayFor(snapshot, '10.0.0.1', 5060, '491', '44'), 'german');
  assert.is(gatewayFor(snapshot, '10.0.0.1', 5060, '331', '44'), 'rest');
  assert.is(gatewayFor(snapshot, '10.0.0.1', 5060, '71', '44'), 'tagged refuses the number');
});

test('a locked gateway is found like any other', () => {
  const snapshot = buildSnapshot({
    mappingGateways: [{ name: 'shut', addresses: ['10.0.0.1'], locked: true }],
  });
  assert.is(gatewayFor(snapshot, '10.0.0.1'), 'shut');
});

test('host bits behind the prefix of a network do not matter', () => {
  const snapshot = buildSnapshot({ mappingGateways: [{ name: 'net', addresses: ['10.1.2.3/24'] }] });
  assert.is(gatewayFor(snapshot, '10.1.2.200'), 'net');
});

test.run();
