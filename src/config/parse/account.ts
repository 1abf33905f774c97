/** The files in accounts/. */
import { parseMoney } from '../../rating/money.ts';
import type { Findings } from '../findings.ts';
import type { ParsedAccount } from '../parsed.ts';
import { statedIn } from '../resolve/stated.ts';
import { shortened } from '../schema/findings.ts';
import type { Fields } from './fields.ts';
import { parseCallRate, parseTimeField } from './values.ts';

/** `incomplete`: the schema has taken something out, so what is absent may be there and wrong. */
export function parseAccount(
  name: string,
  fields: Fields,
  incomplete: boolean,
  findings: Findings,
): ParsedAccount {
  return {
    name,
    place: fields.place(),
    kind: fields.text('kind') as ParsedAccount['kind'],
    kindPlace: fields.place('kind'),
    locked: fields.boolean('locked'),
    overdraftLimit: parseOverdraftLimit(fields, findings),
    rateTable: fields.textAt('rateTable'),
    timedRateTables: parseTimedRateTables(fields),
    privateRateTable: fields.textAt('privateRateTable'),
    unrated: fields.boolean('unrated'),
    unratedPlace: fields.keyPlace('unrated'),
    validUntilMs: parseTimeField(fields, 'validUntil', 'C4204', findings),
    lines: fields.number('lines'),
    callRate: parseCallRate(fields),
    maxCallDurationSeconds: fields.number('maxCallDurationSeconds'),
    incomplete,
    stated: statedIn(fields.node, fields.shape),
  };
}

function parseTimedRateTables(fields: Fields): ParsedAccount['timedRateTables'] {
  return fields.entries('rateTables').flatMap(entry => {
    const calendar = entry.textAt('calendar');
    const rateTable = entry.textAt('rateTable');
    return calendar === null || rateTable === null ? [] : [{ calendar, rateTable }];
  });
}

function parseOverdraftLimit(fields: Fields, findings: Findings): bigint {
  const written = fields.written('overdraftLimit');
  if (written === null) return 0n;
  const limit = parseMoney(written.text);
  if (limit !== null && limit >= 0n) return limit;
  const expected =
    'a plain decimal that is not negative, with at most 8 decimals and 12 digits before the point';
  findings.add(
    'C4204',
    written.place,
    `overdraftLimit must be ${expected}, not "${shortened(written.text)}"`,
  );
  return 0n;
}
