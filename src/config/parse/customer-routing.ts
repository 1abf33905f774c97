/** What a customer has a say in: the order of routes, shares of them, how far calls go, and portability. */
import type { Findings } from '../findings.ts';
import type { ParsedCustomerRouting, ParsedLrn, ParsedShare } from '../parsed-routing.ts';
import type { CallLevel, LrnSettings, RoutePolicy } from '../snapshot.ts';
import type { Fields } from './fields.ts';

const whole = 100;

/** `incomplete`: the schema has taken something out, so what is absent may be there and wrong. */
export function parseCustomerRouting(
  fields: Fields,
  incomplete: boolean,
  findings: Findings,
): ParsedCustomerRouting {
  return {
    firstRoutePolicy: fields.text('firstRoutePolicy') as RoutePolicy,
    secondRoutePolicy: fields.text('secondRoutePolicy') as RoutePolicy,
    callLevel: fields.text('callLevel') as CallLevel,
    routeShares: parseRouteShares(fields, incomplete, findings),
    lrn: parseLrn(fields),
  };
}

function parseRouteShares(
  fields: Fields,
  incomplete: boolean,
  findings: Findings,
): ParsedCustomerRouting['routeShares'] {
  if (!fields.has('routeShares')) return null;
  const known = new Map<string, ParsedShare>();
  for (const entry of fields.entries('routeShares')) {
    const [tag, percent] = [entry.text('tag'), entry.number('share')];
    if (tag === null || percent === null) continue;
    const first = known.get(tag);
    if (first !== undefined) {
      const related = [{ ...first.place, message: 'the first share' }];
      findings.add('C4222', entry.place('tag'), `the tag "${tag}" has a share already`, { related });
      continue;
    }
    known.set(tag, { tag, percent, place: entry.place() });
  }
  const shares = [...known.values()];
  const sum = shares.reduce((all, { percent }) => all + percent, 0);
  const isWhole = shares.length === fields.items('routeShares').length;
  if (isWhole && !incomplete && sum !== whole) {
    const rest =
      sum < whole ? `${whole - sum} percent of the calls have no share` : `that is ${sum - whole} too many`;
    findings.add('C4222', fields.place('routeShares'), `the shares add up to ${sum} percent: ${rest}`);
  }
  return { shares, place: fields.place('routeShares') };
}

function parseLrn(fields: Fields): ParsedLrn | null {
  if (!fields.has('lrn')) return null;
  const lrn = fields.within('lrn');
  const table = lrn.textAt('table');
  if (table === null) return null;
  return {
    table,
    eatPrefixDigits: lrn.number('eatPrefixDigits')!,
    onFailure: lrn.text('onFailure') as LrnSettings['onFailure'],
    intrastatePrefix: lrn.text('intrastatePrefix')!,
    interstatePrefix: lrn.text('interstatePrefix')!,
    undeterminedPrefix: lrn.text('undeterminedPrefix')!,
    routeByLrn: lrn.boolean('routeByLrn'),
    place: fields.place('lrn'),
  };
}
