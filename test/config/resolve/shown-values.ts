/** What `config show` prints of a setting, as the Snapshot has it. */
import {
  parseDestination,
  parseSourcePort,
  parseSourceRange,
  type SourceRange,
} from '../../../src/config/parse/address.ts';
import { parseTime } from '../../../src/config/parse/time.ts';
import { formatRate, parseRate } from '../../../src/rating/decimal.ts';
import { parseMoney } from '../../../src/rating/money.ts';

export function rangeText({ address, prefixBits, port }: SourceRange): string {
  return `${[...address].join('.')}/${prefixBits}:${port ?? 'any'}`;
}

/** What it means that nothing is said, where that is something. */
const valueOfNothing: Readonly<Record<string, (all: ReadonlyMap<string, unknown>) => unknown>> = {
  'parameters.SERVER_BILLING_FREE_E164S': () => [],
  'parameters.SS_SIP_SEND_RETRY': all =>
    (all.get('parameters.SS_SIP_RESEND_INTERVAL') as readonly number[]).length,
};

type Pair = string | { readonly caller: string; readonly callee: string };

function pairText(pair: Pair): string {
  return typeof pair === 'string' ? pair : `${pair.caller}:${pair.callee}`;
}

function lengthsIn(ranges: readonly (number | string)[]): readonly number[] {
  const lengths = ranges.flatMap(range => {
    const [from = 0, to = from] = String(range).split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  return [...new Set(lengths)].sort((a, b) => a - b);
}

interface WrittenPeriod {
  readonly dialPlans?: Readonly<Record<string, readonly string[]>>;
  readonly [key: string]: unknown;
}

function periodAsCompiled({ dialPlans, ...period }: WrittenPeriod): unknown {
  const rules = (plan: readonly string[] | undefined) => (plan === undefined ? null : [...plan].sort());
  return {
    calendar: period['calendar'],
    available: period['available'] ?? true,
    lines: period['lines'] ?? null,
    priority: period['priority'] ?? null,
    callerPrefixes: period['callerPrefixes'] ?? null,
    calleePrefixes: period['calleePrefixes'] ?? null,
    dialPlans:
      dialPlans === undefined
        ? null
        : {
            caller: rules(dialPlans['caller']),
            callee: rules(dialPlans['callee']),
            forwarding: rules(dialPlans['forwarding']),
          },
  };
}

/** A shown value as it is compiled, where that is no simple value. */
export function shownAsCompiled(path: string, value: unknown, all: ReadonlyMap<string, unknown>): unknown {
  if (value === null) return valueOfNothing[path]?.(all) ?? null;
  const sorted = () => [...(value as readonly string[])].sort();
  const pairs = () => [...(value as { from: number }[])].sort((a, b) => a.from - b.from);
  const conversions: Readonly<Record<string, () => unknown>> = {
    addresses: () =>
      (value as readonly string[]).map(text =>
        rangeText(parseSourcePort(text) ?? (parseSourceRange(text) as SourceRange)),
      ),
    address: () => parseDestination(String(value), 5060),
    prefixes: () => (value as readonly unknown[]).length,
    overdraftLimit: () => String(parseMoney(String(value))),
    validUntil: () => parseTime(String(value)),
    'routingGateways.allow': sorted,
    'routingGateways.deny': sorted,
    'mappingGateways.allow': sorted,
    'mappingGateways.deny': sorted,
    replaceFailedReason: pairs,
    'callerLists.allow': sorted,
    'callerLists.deny': sorted,
    'calleeLists.allow': sorted,
    'calleeLists.deny': sorted,
    'routingGatewayGroups.allow': sorted,
    'routingGatewayGroups.deny': sorted,
    'mappingGatewayGroups.allow': sorted,
    'mappingGatewayGroups.deny': sorted,
    'dialPlans.caller': sorted,
    'dialPlans.callee': sorted,
    'dialPlans.forwarding': sorted,
    'callerCalleePrefixes.allow': () => (value as readonly Pair[]).map(pairText),
    'callerCalleePrefixes.deny': () => (value as readonly Pair[]).map(pairText),
    callerLengths: () => lengthsIn(value as readonly (number | string)[]),
    calleeLengths: () => lengthsIn(value as readonly (number | string)[]),
    groups: () =>
      (value as readonly (string | object)[]).map(group => ({
        reservedLines: 0,
        ...(typeof group === 'string' ? { group } : group),
      })),
    periods: () => (value as readonly WrittenPeriod[]).map(periodAsCompiled),
    'maximumRate.rate': () => formatRate(parseRate(String(value))!),
    'parameters.SS_SIP_RESEND_INTERVAL': () =>
      (value as readonly number[]).slice(0, Number(all.get('parameters.SS_SIP_SEND_RETRY') ?? 10)),
  };
  return conversions[path]?.() ?? value;
}
