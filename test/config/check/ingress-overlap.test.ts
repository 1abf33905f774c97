import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkIngress } from '../../../src/config/check/ingress-overlap.ts';
import { Findings } from '../../../src/config/findings.ts';
import { noDialPlans } from '../../../src/config/parse/dial-plans.ts';
import type { ParsedMappingGateway, ParsedPrefixes, ParsedSource } from '../../../src/config/parsed.ts';
import { nothingStated } from '../../../src/config/resolve/stated.ts';

const test = suite('config/check/ingress-overlap');

const place = { file: 'x', line: 1, column: 1 };

function gateway(
  name: string,
  addresses: readonly Omit<ParsedSource, 'text' | 'place'>[],
  callerPrefixes: ParsedPrefixes | null = null,
  calleePrefixes: ParsedPrefixes | null = null,
): ParsedMappingGateway {
  return {
    name,
    place,
    account: null,
    authentication: 'ip',
    addresses: addresses.map(address => ({ ...address, text: name, place })),
    locked: false,
    lines: null,
    callRate: null,
    callProceedingTimeoutMs: null,
    replaceFailedReason: null,
    numbers: {
      callerPrefixes,
      calleePrefixes,
      forwardingPrefixes: null,
      callerCalleePrefixes: null,
      callerLengths: null,
      calleeLengths: null,
      callerLists: null,
      calleeLists: null,
      calleeNetwork: 'any',
    },
    groups: [],
    periods: [],
    dialPlans: noDialPlans,
    minimumProfitPercent: null,
    maximumRate: null,
    firstRoutePolicy: 'none',
    secondRoutePolicy: 'none',
    callLevel: 'international',
    routeShares: null,
    lrn: null,
    incomplete: false,
    routingGateways: null,
    routingGatewayGroups: null,
    maxCallDurationSeconds: null,
    stated: nothingStated,
  };
}

function overlaps(...gateways: ParsedMappingGateway[]): number {
  const findings = new Findings();
  checkIngress(gateways, findings);
  return findings.all.length;
}

const here = { address: Uint8Array.of(192, 0, 2, 7), prefixBits: 32, port: null };

/** Every number of the digits 0–2 with up to four of them, the empty one included. */
const numbers = [''];
for (let i = 0; numbers[i]!.length < 4; i++) for (const digit of '012') numbers.push(`${numbers[i]}${digit}`);

const prefixes = fc.array(fc.stringMatching(/^[01]{1,3}$/), { minLength: 1, maxLength: 4 });
const filter = fc.option(
  fc.record({
    kind: fc.constantFrom('allow' as const, 'deny' as const),
    prefixes,
    place: fc.constant(place),
  }),
);

function passes(prefixFilter: ParsedPrefixes | null, number: string): boolean {
  if (prefixFilter === null) return true;
  return prefixFilter.prefixes.some(prefix => number.startsWith(prefix)) === (prefixFilter.kind === 'allow');
}

test('gateways share an address exactly when no call passes the filters of both', () => {
  const property = fc.property(filter, filter, filter, filter, (callerA, callerB, calleeA, calleeB) => {
    const common = (a: ParsedPrefixes | null, b: ParsedPrefixes | null) =>
      numbers.some(number => passes(a, number) && passes(b, number));
    const both = common(callerA, callerB) && common(calleeA, calleeB);

    const found = overlaps(gateway('a', [here], callerA, calleeA), gateway('b', [here], callerB, calleeB));

    assert.is(found, both ? 1 : 0);
  });
  fc.assert(property, { numRuns: 500 });
});

const source = fc.record({
  address: fc
    .tuple(fc.constantFrom(0, 128), fc.constantFrom(0, 64, 255))
    .map(([a, b]) => Uint8Array.of(10, a, b, 0)),
  prefixBits: fc.constantFrom(8, 9, 16, 24, 32),
  port: fc.constantFrom(null, 5060, 5080),
});

test('finds every pair whose addresses and ports could belong to one packet', () => {
  const property = fc.property(source, source, (a, b) => {
    const bits = Math.min(a.prefixBits, b.prefixBits);
    const asBits = (bytes: Uint8Array) => [...bytes].map(byte => byte.toString(2).padStart(8, '0')).join('');
    const sameNetwork = asBits(a.address).slice(0, bits) === asBits(b.address).slice(0, bits);
    const samePort = a.port === null || b.port === null || a.port === b.port;

    assert.is(overlaps(gateway('a', [a]), gateway('b', [b])), sameNetwork && samePort ? 1 : 0);
  });
  fc.assert(property, { numRuns: 500 });
});

test('filters tell nothing apart where one address lies in the range of the other', () => {
  const allow = (prefix: string) => ({ kind: 'allow' as const, prefixes: [prefix], place });
  const range = { address: Uint8Array.of(192, 0, 2, 0), prefixBits: 24, port: null };

  assert.is(overlaps(gateway('a', [here], null, allow('1')), gateway('b', [range], null, allow('2'))), 1);
  assert.is(overlaps(gateway('a', [here], null, allow('1')), gateway('b', [here], null, allow('2'))), 0);
});

test('a gateway may repeat itself, and families never meet', () => {
  const six = { address: new Uint8Array(16), prefixBits: 0, port: null };
  const four = { address: new Uint8Array(4), prefixBits: 0, port: null };

  assert.is(overlaps(gateway('a', [here, here])), 0);
  assert.is(overlaps(gateway('a', [four]), gateway('b', [six])), 0);
});

test('names a pair once, however many addresses they share', () => {
  const addresses = Array.from({ length: 9 }, (_, i) => ({ ...here, address: Uint8Array.of(192, 0, 2, i) }));

  assert.is(overlaps(gateway('a', addresses), gateway('b', addresses)), 1);
});

test('the prefixes of periods must exclude each other at all times that can be', () => {
  const allow = (...prefixes: string[]): ParsedPrefixes => ({ kind: 'allow', prefixes, place });
  const timed = (name: string, own: string, ...periods: readonly (readonly [string, string])[]) => ({
    ...gateway(name, [here], null, allow(own)),
    periods: periods.map(([calendar, prefix]) => ({
      calendar: { text: calendar, place },
      place,
      available: true,
      lines: null,
      priority: null,
      callerPrefixes: null,
      calleePrefixes: allow(prefix),
      dialPlans: null,
    })),
  });

  assert.is(overlaps(timed('a', '1'), timed('b', '2', ['nights', '3'])), 0);
  assert.is(overlaps(timed('a', '1'), timed('b', '2', ['nights', '1'])), 1);
  assert.is(overlaps(timed('a', '1', ['office', '2']), timed('b', '2', ['nights', '3'])), 1);
  // Both change at the same moment.
  assert.is(overlaps(timed('a', '1', ['office', '2']), timed('b', '2', ['office', '1'])), 0);
  // In office hours that are nights as well, the first of them counts for b.
  const b = timed('b', '2', ['nights', '3'], ['office', '1']);
  assert.is(overlaps(timed('a', '1', ['office', '2']), b), 0);
  assert.is(overlaps(timed('a', '1', ['office', '3']), b), 1);
  assert.is(overlaps(timed('a', '1', ['office', '1']), timed('b', '2', ['nights', '1'])), 1);
});

test.run();
