/** What mapping and routing gateways say alike: lines, groups, numbers, periods, and what a call may cost. */
import type { Findings } from '../findings.ts';
import type { ParsedCallerPool, ParsedGateway, ParsedMembership, ParsedPeriod } from '../parsed-routing.ts';
import type { CallerPool, RateLimit } from '../snapshot.ts';
import { noDialPlans, parseDialPlans } from './dial-plans.ts';
import type { Fields } from './fields.ts';
import { parseNumberRules } from './number-rules.ts';
import { parsePrefixes, parseRateField } from './values.ts';

export function parseGateway(
  name: string,
  fields: Fields,
  incomplete: boolean,
  findings: Findings,
): ParsedGateway {
  return {
    name,
    place: fields.place(),
    locked: fields.boolean('locked'),
    lines: fields.number('lines'),
    numbers: parseNumberRules(fields, findings),
    groups: parseGroups(fields),
    periods: parsePeriods(fields, findings),
    dialPlans: parseDialPlans(fields, findings) ?? noDialPlans,
    minimumProfitPercent: fields.number('minimumProfitPercent'),
    maximumRate: parseMaximumRate(fields, findings),
    incomplete,
  };
}

function parseGroups(fields: Fields): readonly ParsedMembership[] {
  return fields.entries('groups').flatMap(entry => {
    const { node } = entry;
    const place = entry.place();
    if (node.children === null) {
      const group = { text: node.value as string, place };
      return [{ group, reservedLines: 0, reservedPlace: place, place }];
    }
    const group = entry.textAt('group');
    if (group === null) return [];
    return [
      {
        group,
        reservedLines: entry.number('reservedLines') ?? 0,
        reservedPlace: entry.place('reservedLines'),
        place,
      },
    ];
  });
}

function parsePeriods(fields: Fields, findings: Findings): readonly ParsedPeriod[] {
  return fields.entries('periods').flatMap(entry => {
    const dialPlans = parseDialPlans(entry, findings);
    const calendar = entry.textAt('calendar');
    if (calendar === null) return [];
    return [
      {
        calendar,
        place: entry.place(),
        available: entry.boolean('available'),
        lines: entry.number('lines'),
        priority: entry.number('priority'),
        callerPrefixes: parsePrefixes(entry, 'callerPrefixes'),
        calleePrefixes: parsePrefixes(entry, 'calleePrefixes'),
        dialPlans,
      },
    ];
  });
}

function parseMaximumRate(fields: Fields, findings: Findings): RateLimit | null {
  if (!fields.has('maximumRate')) return null;
  const limit = fields.within('maximumRate');
  const amount = parseRateField(limit, 'rate', findings);
  const seconds = limit.number('perSeconds');
  return amount === null || seconds === null ? null : { amount, seconds };
}

export function parseCallerPool(fields: Fields): ParsedCallerPool | null {
  if (!fields.has('callerPool')) return null;
  const pool = fields.within('callerPool');
  return {
    lists: pool.texts('lists'),
    linesPerNumber: pool.number('linesPerNumber'),
    order: pool.text('order') as CallerPool['order'],
    place: fields.place('callerPool'),
  };
}
