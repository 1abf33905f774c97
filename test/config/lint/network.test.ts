import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ParsedDirectory } from '../../../src/config/directory.ts';
import type { LintContext, LintFinding } from '../../../src/config/lint/finding.ts';
import { networkOf } from '../../../src/config/lint/network/network.ts';
import { walkNetwork } from '../../../src/config/lint/network/walk-network.ts';
import { Margins } from '../../../src/config/lint/rules/margins.ts';
import { SoleVendors } from '../../../src/config/lint/rules/sole-vendors.ts';
import { UncarriedRates } from '../../../src/config/lint/rules/uncarried-rates.ts';
import { UnreachableRoutes } from '../../../src/config/lint/rules/unreachable-routes.ts';
import type { NumberRules, RoutingGateway, Snapshot } from '../../../src/config/snapshot.ts';
import { exactPrefix } from '../../../src/prefixes/prefix-trie.ts';
import { findAccountRate, isUnrated } from '../../../src/rating/account-rate.ts';
import { isLockedRow } from '../../../src/rating/rate-table.ts';
import { passesNumberFilter } from '../../../src/routing/number-filter.ts';
import { nextEntry } from '../../../src/routing/route-table.ts';
import { selectRoute } from '../../../src/routing/select-route.ts';
import { idleState, requestFor } from '../../support/routing-state.ts';
import {
  buildSnapshot,
  type MappingGatewayDescription,
  type RateDescription,
  type RoutingGatewayDescription,
} from '../../support/snapshot-builder.ts';

const test = suite('config/lint/network');

const nowMs = 1_000_000;

/** All numbers there are: longer than every prefix, so that none ends where a prefix does. */
const numbers = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'));

const prefix = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('', '4', '5', '44', '45', '54') },
  { weight: 1, arbitrary: fc.stringMatching(/^[0-9]{1,2}$/) },
);
/** Now and then all ten continuations, which leave nothing of the prefix itself. */
const prefixes = fc
  .tuple(fc.uniqueArray(prefix, { minLength: 1, maxLength: 4 }), fc.constantFrom('', '', '', 'all', '4all'))
  .map(([some, all]) => {
    const base = all === '' ? null : all.replace('all', '');
    const ten = base === null ? [] : Array.from({ length: 10 }, (_, digit) => `${base}${digit}`);
    return [...new Set([...some, ...ten])];
  });

const rows: fc.Arbitrary<RateDescription[]> = fc
  .tuple(
    prefixes,
    fc.infiniteStream(
      fc.record({
        rate: fc.constantFrom('0.01', '0.02', '0.03'),
        unitSeconds: fc.constantFrom(60, 60, 30),
        locked: fc.constantFrom(false, false, false, true),
        over: fc.constantFrom(false, false, false, true),
      }),
    ),
  )
  .map(([all, stream]) =>
    all.map(each => {
      const { over, ...row } = stream.next().value!;
      return { prefix: each, ...row, effectiveUntilMs: over ? nowMs : nowMs + 1 };
    }),
  );

function names(of: readonly string[]) {
  const some = fc.subarray([...of], { minLength: 1 });
  return fc.option(
    fc.oneof(
      some.map(allow => ({ allow })),
      some.map(deny => ({ deny })),
    ),
    { nil: undefined, freq: 2 },
  );
}

function given<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}

const mappingNames = ['m0', 'm1', 'm2'];
const routingNames = ['r0', 'r1', 'r2', 'r3'];

const routing = (name: string) =>
  fc
    .record({
      prefixes: fc
        .tuple(prefixes, fc.infiniteStream(fc.constantFrom('extension', 'expiration')))
        .map(([all, modes]) =>
          all.map(each => ({ prefix: each, mode: modes.next().value as 'extension' | 'expiration' })),
        ),
      clearingAccount: fc.constantFrom('v0', 'v1', 'v2'),
      locked: fc.constantFrom(false, false, false, true),
      checkRate: fc.boolean(),
      protectRoute: fc.boolean(),
      mappingGateways: names(mappingNames),
    })
    .map((gateway): RoutingGatewayDescription => given({ name, ...gateway }) as RoutingGatewayDescription);

const mapping = (name: string) =>
  fc
    .record({
      account: fc.constantFrom('c0', 'c1'),
      locked: fc.constantFrom(false, false, false, true),
      routingGateways: names(routingNames),
      calleePrefixes: fc.option(
        fc.oneof(
          prefixes.map(allow => ({ allow })),
          prefixes.map(deny => ({ deny })),
        ),
        { nil: undefined, freq: 2 },
      ),
    })
    .map((gateway): MappingGatewayDescription => given({ name, ...gateway }) as MappingGatewayDescription);

const snapshots: fc.Arbitrary<Snapshot> = fc
  .record({
    mappingGateways: fc.tuple(...mappingNames.map(mapping)),
    routingGateways: fc.tuple(...routingNames.map(routing)),
    rates: fc.tuple(...Array.from({ length: 5 }, () => rows)),
    unrated: fc.constantFrom(false, false, true),
    hasPrivate: fc.boolean(),
    free: fc.constantFrom([], [], ['45*']),
  })
  .map(({ mappingGateways, routingGateways, rates, unrated, hasPrivate, free }) =>
    buildSnapshot({
      mappingGateways,
      routingGateways,
      parameters: { freeNumbers: free },
      rates: rates.map((each, index) => ({ name: `t${index}`, rows: each })),
      accounts: [
        { name: 'c0', kind: 'customer', rateTable: 't0', ...(hasPrivate ? { privateRateTable: 't4' } : {}) },
        { name: 'c1', kind: 'customer', ...(unrated ? { unrated } : { rateTable: 't1' }) },
        { name: 'v0', kind: 'vendor', rateTable: 't2' },
        { name: 'v1', kind: 'vendor', rateTable: 't3' },
        { name: 'v2', kind: 'vendor', unrated: true },
      ],
    }),
  );

/** Enough of a directory for the rules to say where something stands. */
function directoryOf({ routingGateways, routes }: Snapshot): ParsedDirectory {
  const all = routingGateways.map(({ name, source }) => ({ name, place: source, prefixes: [] }));
  assert.ok(routes.entryCount >= 0);
  return { routingGateways: { all } } as unknown as ParsedDirectory;
}

interface Said {
  readonly sole: ReadonlySet<string>;
  readonly unreachable: ReadonlySet<string>;
  readonly uncarried: number;
  readonly losses: ReadonlyMap<string, number>;
}

function fast(snapshot: Snapshot): Said {
  const context: LintContext = { snapshot, nowMs, directory: directoryOf(snapshot) };
  const network = networkOf(snapshot, nowMs);
  const sole = new SoleVendors(context);
  const unreachable = new UnreachableRoutes(context, network);
  const margins = new Margins(context, network);
  const uncarried = new UncarriedRates(context, network);
  walkNetwork(network, [sole, unreachable, margins, uncarried]);
  const total = ({ items, unlisted }: LintFinding) => items.length + unlisted;
  const each = (findings: readonly LintFinding[], of: (file: string) => string) =>
    new Set(
      findings.flatMap(({ items }) =>
        items.map(({ place, label }) => `${of(place.file)} ${/"(.*?)"/.exec(label)![1]}`),
      ),
    );
  const gatewayOf = (file: string) => /([^/]+)\.yaml$/.exec(file)![1]!;
  const losses = new Map<string, number>();
  for (const finding of margins.findings()) {
    if (finding.code !== 'C4520') continue;
    const vendor = /"(v\d)"/.exec(finding.say('', 1))![1]!;
    losses.set(vendor, (losses.get(vendor) ?? 0) + total(finding));
  }
  return {
    sole: each(sole.findings(), file => vendorName(snapshot, gatewayOf(file))),
    unreachable: each(unreachable.findings(), gatewayOf),
    uncarried: uncarried.findings().reduce((sum, finding) => sum + total(finding), 0),
    losses,
  };
}

function vendorName({ accounts, routingGateways }: Snapshot, gateway: string): string {
  return accounts[routingGateways.find(({ name }) => name === gateway)!.clearingAccount]!.name;
}

/** Every call there can be, one by one. */
function obvious(snapshot: Snapshot): Said & { readonly reached: ReadonlySet<string> } {
  const sole = new Set<string>();
  const reached = new Set<string>();
  const priced = new Set<string>();
  const carried = new Set<string>();
  const losing = new Map<string, Set<string>>();
  for (const callee of numbers) {
    const vendors = new Map<string, number>();
    for (const gateway of snapshot.mappingGateways) {
      const account = snapshot.accounts[gateway.account]!;
      if (gateway.locked) continue;
      const isFree = isUnrated(snapshot, account, callee);
      const rate = isFree ? null : findAccountRate(snapshot, account, callee, nowMs);
      if (!isFree && (rate === null || isLockedRow(rate.table, rate.row))) continue;
      const row = rate === null ? null : `${rate.table.name} ${rate.row}`;
      if (row !== null) priced.add(row);
      if (!passesNumberFilter(gateway.numbers.calleePrefixes, callee)) continue;
      const request = requestFor(callee, { mappingGateway: gateway.index, atMs: nowMs });
      for (const { gateway: index, matchedLength } of selectRoute(snapshot, idleState, request).attempts) {
        const { name, clearingAccount } = snapshot.routingGateways[index]!;
        const vendor = snapshot.accounts[clearingAccount]!;
        reached.add(`${name} ${callee.slice(0, matchedLength)}`);
        vendors.set(vendor.name, Math.max(vendors.get(vendor.name) ?? 0, matchedLength));
        if (row === null || rate === null) continue;
        carried.add(row);
        const cost = isUnrated(snapshot, vendor, callee)
          ? null
          : findAccountRate(snapshot, vendor, callee, nowMs);
        if (cost === null || isLockedRow(cost.table, cost.row)) continue;
        const perSecond = ({ table, row }: typeof cost) => table.rate[row]! / table.unitSeconds[row]!;
        if (perSecond(cost) <= perSecond(rate) * (1 + 1e-12)) continue;
        const rows = losing.get(vendor.name) ?? new Set();
        // The same row is told once for each price list that it is in.
        rows.add(`${account.name} ${row}`);
        losing.set(vendor.name, rows);
      }
    }
    const [only] = vendors;
    if (only !== undefined && vendors.size === 1) sole.add(`${only[0]} ${callee.slice(0, only[1])}`);
  }
  return {
    sole,
    reached,
    unreachable: new Set(),
    uncarried: [...priced].filter(row => !carried.has(row)).length,
    losses: new Map([...losing].map(([vendor, rows]) => [vendor, rows.size])),
  };
}

test('says of prefixes and prices what trying every number says', () => {
  const seen = { sole: 0, uncarried: 0, losses: 0 };
  fc.assert(
    fc.property(snapshots, snapshot => {
      const [said, tried] = [fast(snapshot), obvious(snapshot)];

      assert.equal([...said.sole].sort(), [...tried.sole].sort());
      assert.is(said.uncarried, tried.uncarried);
      assert.equal([...said.losses].sort(), [...tried.losses].sort());
      seen.sole += said.sole.size;
      seen.uncarried += said.uncarried;
      seen.losses += said.losses.size;
    }),
    { numRuns: 150 },
  );

  // It is no use to agree on networks about which there is nothing to say.
  for (const [what, count] of Object.entries(seen)) assert.ok(count > 20, `${what} ${count}`);
});

test('calls those routes unreachable to which no call comes', () => {
  let seen = 0;
  fc.assert(
    fc.property(snapshots, snapshot => {
      const [said, tried] = [fast(snapshot), obvious(snapshot)];

      for (const route of said.unreachable) assert.not(tried.reached.has(route), route);
      for (const route of routesToJudge(snapshot)) {
        assert.is(said.unreachable.has(route), !tried.reached.has(route), route);
      }
      seen += said.unreachable.size;
    }),
    { numRuns: 150 },
  );

  assert.ok(seen > 20, String(seen));
});

test('says nothing of routes that a call comes to, whatever rules their gateways and those before them have', () => {
  const source = { file: 'f', line: 1, column: 1 };
  const rules = fc.constantFrom('none', 'none', 'callee', 'length', 'lists');
  const restricted = fc.tuple(snapshots, fc.array(rules, { minLength: 4, maxLength: 4 }), prefixes);
  let restrictions = 0;
  fc.assert(
    fc.property(restricted, ([snapshot, kinds, some]) => {
      const routingGateways = snapshot.routingGateways.map((gateway, index): RoutingGateway => {
        const kind = kinds[index];
        const own: Partial<NumberRules> =
          kind === 'callee'
            ? { calleePrefixes: { kind: 'deny', prefixes: some, source } }
            : kind === 'length'
              ? { calleeLengths: { kind: 'allow', low: 1 << 4, high: 0, source } }
              : {};
        if (kind === 'lists') return { ...gateway, numbers: { ...gateway.numbers, calleeNetwork: 'on-net' } };
        return { ...gateway, numbers: { ...gateway.numbers, ...own } };
      });
      const changed: Snapshot = { ...snapshot, routingGateways };
      const [said, tried] = [fast(changed), obvious(changed)];

      for (const route of said.unreachable) assert.not(tried.reached.has(route), route);
      restrictions += tried.reached.size;
    }),
    { numRuns: 150 },
  );

  assert.ok(restrictions > 20, String(restrictions));
});

/** Without what other rules tell: gateways that nobody may use or that check rates, prefixes without own numbers. */
function routesToJudge(snapshot: Snapshot): string[] {
  const { allowed, words } = networkOf(snapshot, nowMs);
  return snapshot.routingGateways.flatMap(({ index, name, checkRate }) => {
    const usable = allowed.subarray(index * words, (index + 1) * words).some(bits => bits !== 0);
    if (checkRate || !usable) return [];
    const all = ['', ...numbers.flatMap(number => [number.slice(0, 1), number.slice(0, 2)])].filter(each =>
      hasRoute(snapshot, index, each),
    );
    const own = new Set(
      numbers.map(number =>
        [number.slice(0, 2), number.slice(0, 1), ''].find(each => hasRoute(snapshot, index, each)),
      ),
    );
    return [...new Set(all)].filter(each => own.has(each)).map(each => `${name} ${each}`);
  });
}

function hasRoute({ routes }: Snapshot, gateway: number, prefix: string): boolean {
  for (let entry = exactPrefix(routes.trie, prefix); entry >= 0; entry = nextEntry(routes, entry)) {
    if (routes.gateway[entry] === gateway) return true;
  }
  return false;
}

test.run();
