/** What is already so when a scenario begins. */
import type { GivenState } from '../../call/given-state.ts';
import type { Findings } from '../../config/findings.ts';
import type { Located } from '../../config/read/located.ts';
import type { Snapshot } from '../../config/snapshot.ts';
import { type Money, money, moneyPerCurrencyUnit, noMoney, parseMoney } from '../../rating/money.ts';
import type { NameKind } from './names.ts';
import { type Context, childOf, itemsOf, pairsOf } from './nodes.ts';

/** As one place of a file says it; what it does not name is left open. */
export interface ParsedGiven {
  readonly balances: ReadonlyMap<string, Money>;
  readonly mappingLines: ReadonlyMap<string, number>;
  /** Those of full gateways among them. */
  readonly routingLines: ReadonlyMap<string, number>;
  readonly accountLines: ReadonlyMap<string, number>;
  readonly carried: ReadonlyMap<string, number>;
  /** null when nothing is said, so that a list further out counts. */
  readonly offline: ReadonlySet<string> | null;
  readonly asr: ReadonlyMap<string, number>;
}

/** What every account has of which nothing is said: more than any scenario spends. */
export const plenty: Money = money(1_000_000n * moneyPerCurrencyUnit);

const none: ReadonlyMap<string, never> = new Map<string, never>();

export const nothingGiven: ParsedGiven = {
  balances: none,
  mappingLines: none,
  routingLines: none,
  accountLines: none,
  carried: none,
  offline: null,
  asr: none,
};

export function parseGiven(node: Located | null, context: Context): ParsedGiven {
  if (node === null) return nothingGiven;
  const down = childOf(node, 'down');
  const numbers = (key: string, kind: NameKind) =>
    named(node, key, kind, context, ({ value }) => value as number);
  return {
    balances: named(node, 'balances', 'account', context, value => amountOf(value, context.findings)),
    mappingLines: numbers('mappingLines', 'mapping-gateway'),
    routingLines: withFull(node, numbers('lines', 'routing-gateway'), context),
    accountLines: numbers('accountLines', 'account'),
    carried: numbers('carried', 'routing-gateway'),
    offline: down === null ? null : offlineOf(down, context),
    asr: named(node, 'asr', 'routing-gateway', context, ({ value }) => (value as number) / 100),
  };
}

function named<T>(
  node: Located,
  key: string,
  kind: NameKind,
  { names, findings }: Context,
  read: (node: Located) => T,
): ReadonlyMap<string, T> {
  const values = new Map<string, T>();
  for (const [name, child] of pairsOf(childOf(node, key))) {
    if (names.find(kind, name, child.keyPlace, findings) !== null) values.set(name, read(child.node));
  }
  return values;
}

function gatewaysOf(list: Located, { names, findings }: Context): readonly Located[] {
  return itemsOf(list).filter(
    item => names.find('routing-gateway', String(item.value), item.place, findings) !== null,
  );
}

/** An exact amount; nothing, with a finding, for a number that is no such amount. */
export function amountOf(node: Located, findings: Findings): Money {
  const amount = parseMoney(node.source ?? '');
  if (amount !== null) return amount;
  const message = `an amount has at most 8 decimals and 12 digits before the point, unlike ${node.source}`;
  findings.add('C4204', node.place, message);
  return noMoney;
}

/** Only who is asked by OPTIONS is known to be down. */
function offlineOf(down: Located, context: Context): ReadonlySet<string> {
  const { snapshot } = context.names;
  const listed = gatewaysOf(down, context);
  for (const { value, place } of listed) {
    if (snapshot.routingGateways.find(({ name }) => name === value)?.optionsCheck !== false) continue;
    const message = `${value} has no optionsCheck, so the switch never knows that it is down and tries it all the same`;
    const hint = `Say how it behaves, for example gateways: { ${value}: { unreachable: true } }; or let the switch ask it by OPTIONS: optionsCheck: true in its file.`;
    context.findings.add('C4711', place, message, { hint });
  }
  return new Set(listed.map(({ value }) => String(value)));
}

function withFull(
  node: Located,
  lines: ReadonlyMap<string, number>,
  context: Context,
): ReadonlyMap<string, number> {
  const full = childOf(node, 'full');
  if (full === null) return lines;
  const all = new Map(lines);
  for (const item of gatewaysOf(full, context)) {
    const name = String(item.value);
    const most = mostLines(context.names.snapshot, name);
    if (lines.has(name)) {
      context.findings.add(
        'C4711',
        item.place,
        `${name} is full, and lines says how many of its lines are in use`,
      );
    } else if (most === null) {
      context.findings.add('C4711', item.place, `${name} has no limit of lines, so it can never be full`);
    } else all.set(name, most);
  }
  return all;
}

/** Most lines that the gateway has at any time; null without a limit. */
function mostLines({ routingGateways }: Snapshot, name: string): number | null {
  const gateway = routingGateways.find(one => one.name === name);
  const limits = [gateway?.lines ?? null, ...(gateway?.periods.map(({ lines }) => lines) ?? [])];
  const known = limits.filter(limit => limit !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** Name by name the first of `layers` that says something counts. */
export function completeGiven(snapshot: Snapshot, layers: readonly ParsedGiven[]): GivenState {
  const outermostFirst = [...layers].reverse();
  const merged = <T>(of: (layer: ParsedGiven) => ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
    new Map(outermostFirst.flatMap(layer => [...of(layer)]));
  return {
    balances: new Map([
      ...snapshot.accounts.map(({ name }) => [name, plenty] as const),
      ...merged(({ balances }) => balances),
    ]),
    mappingLines: merged(({ mappingLines }) => mappingLines),
    routingLines: merged(({ routingLines }) => routingLines),
    accountLines: merged(({ accountLines }) => accountLines),
    carried: merged(({ carried }) => carried),
    offline: layers.find(({ offline }) => offline !== null)?.offline ?? new Set(),
    asr: merged(({ asr }) => asr),
  };
}
