/** Single rules of routing by hand. Whatever they refer to stands as its index. */
import type {
  GatewayPeriod,
  GroupMembership,
  LengthFilter,
  NameFilter,
  NumberFilter,
  NumberListFilter,
  PairFilter,
  Source,
} from '../../src/config/snapshot.ts';
import { sourceOf } from './gateway-builder.ts';

export type Kind = 'allow' | 'deny';

/** Where every rule made here stands, so that a test sees which one was blamed. */
export function ruleSource(line: number): Source {
  return { ...sourceOf('rule.yaml'), line };
}

export function prefixes(kind: Kind, list: readonly string[], line: number = 1): NumberFilter {
  return { kind, prefixes: list, source: ruleSource(line) };
}

/** Each pair as `caller:callee`. */
export function pairs(kind: Kind, list: readonly string[], line: number = 1): PairFilter {
  const split = list.map(pair => pair.split(':'));
  return {
    kind,
    pairs: split.map(([caller, callee]) => ({ caller: caller!, callee: callee! })),
    source: ruleSource(line),
  };
}

export function lengths(allowed: readonly number[], line: number = 1): LengthFilter {
  let low = 0;
  let high = 0;
  for (const length of allowed) {
    if (length < 32) low |= 1 << length;
    else high |= 1 << (length - 32);
  }
  return { kind: 'allow', low: low >>> 0, high: high >>> 0, source: ruleSource(line) };
}

export function lists(kind: Kind, indexes: readonly number[], line: number = 1): NumberListFilter {
  return { kind, lists: indexes, source: ruleSource(line) };
}

export function groupFilter(kind: Kind, indexes: readonly number[], line: number = 1): NameFilter {
  return { kind, indexes, source: ruleSource(line) };
}

export function member(group: number, reservedLines: number = 0, line: number = 1): GroupMembership {
  return { group, reservedLines, source: ruleSource(line) };
}

/** A period that changes nothing but what is said. */
export function period(calendar: number, change: Partial<GatewayPeriod> = {}): GatewayPeriod {
  return {
    calendar,
    source: ruleSource(1),
    available: true,
    lines: null,
    priority: null,
    callerPrefixes: null,
    calleePrefixes: null,
    dialPlans: -1,
    ...change,
  };
}
