/** The summary in sentences, for every format. */
import { counted } from '../../diagnostics/count.ts';
import { formatMoney, parseMoney } from '../../rating/money.ts';
import type { ChangedShare, ChangeKind, Plan } from '../plan.ts';
import { percentChanged, percentText } from './guards.ts';
import type { PlanReport } from './report.ts';
import { kindWords, noKindWords } from './severity.ts';
import type { KindCount, LossPrefix, PlanSummary } from './summary.ts';
import type { PlanTraffic, Weight } from './traffic.ts';
import { eitherOf, prefixesCount, prefixText, signed } from './words.ts';

/** What a manager reads: a name, and what is to be said of it. */
export type SummaryLine = readonly [name: string, text: string];

const lossesShown = 5;
const gatewaysShown = 5;

/** What becomes of calls, in the order in which it is told. */
const becomings: readonly (readonly [text: string, kinds: readonly ChangeKind[]])[] = [
  ['are no longer carried', ['unroutable']],
  ['are sold at a loss', ['loss']],
  ['are refused for another reason', ['refusal']],
  ['go another way', ['routesLost', 'routesWon', 'reordered', 'protect']],
  ['have another price', ['customerRate', 'vendorRate']],
  ['are sent with another number', ['numberSent']],
  ['are newly carried', ['routable']],
];

/** One sentence of the whole change. */
export function headline({ plan, summary }: PlanReport): string {
  if (summary.same) return 'Nothing changes: both sides mean the same.';
  if (plan.differences.length > 0) {
    const { touched, total } = summary.customers;
    const kinds = new Set([summary, ...summary.suppositions].flatMap(counts => becomingKinds(counts.kinds)));
    const becoming = becomings.filter(([, those]) => those.some(kind => kinds.has(kind)));
    const texts = becoming.length === 0 ? [`are ${noKindWords}`] : becoming.map(([text]) => text);
    return `${touched.toLocaleString('en-US')} of ${counted(total, 'customer')}: calls to ${prefixesCount(summary.prefixes)} ${eitherOf(texts)}.`;
  }
  if (summary.customersGone.length + summary.customersNew.length > 0) {
    return 'No other call takes another way or has another price.';
  }
  const settings =
    summary.settings === 0
      ? ''
      : ` ${counted(summary.settings, 'setting')} ${summary.settings === 1 ? 'has' : 'have'} another value.`;
  return `No call takes another way or has another price.${settings}`;
}

/** Whoever is newly carried wins gateways by that, and nothing else need have won any. */
function becomingKinds(counts: readonly KindCount[]): readonly ChangeKind[] {
  const prefixesOf = (kind: ChangeKind): number => counts.find(one => one.kind === kind)?.prefixes ?? 0;
  const isByThat = prefixesOf('routesWon') === prefixesOf('routable');
  return counts.map(({ kind }) => kind).filter(kind => kind !== 'routesWon' || !isByThat);
}

/** What a reader has to know of the figures; nothing where there are none. */
export function legendLines({ differences, before, after }: Plan): readonly string[] {
  if (differences.length === 0) return [];
  const isSame = before.currency === after.currency;
  const currency = isSame ? after.currency : `${before.currency} before and in ${after.currency} after`;
  return [
    `Prices and margins are in ${currency}; a margin is what is left of 60 s of talk with the first gateway.`,
    'A number belongs to the longest prefix that it begins with.',
  ];
}

export function summaryLines({ plan, summary, traffic, allowances }: PlanReport): readonly SummaryLine[] {
  const lines: (SummaryLine | null)[] = [
    namesLine('no longer served', summary.customersGone),
    namesLine('newly served', summary.customersNew),
    ...summary.kinds.map((count): SummaryLine => [kindWords(count.kind), countText(count)]),
    gatewaysLine(summary, 'lost'),
    gatewaysLine(summary, 'won'),
    marginsLine(summary, plan),
    lossesLine(summary.losses, plan),
    trafficLine(traffic, plan),
    ...summary.suppositions.map(
      ({ down, kinds }): SummaryLine => [
        `while ${down.join(', ')} is down`,
        kinds.map(count => `${kindWords(count.kind)}: ${countText(count)}`).join('; ') || noKindWords,
      ],
    ),
    extentLine('routes', plan.extent.routes),
    extentLine('rates', plan.extent.rates),
    ...allowances
      .filter(({ counts }) => counts)
      .map(
        ({ extent, reason, place }): SummaryLine => [
          `more ${extent} allowed`,
          `“${reason}” (${place.file}:${place.line})`,
        ],
      ),
    summary.restart.length === 0 ? null : ['needs a restart', summary.restart.join(', ')],
  ];
  return lines.filter(line => line !== null);
}

function namesLine(name: string, gateways: readonly string[]): SummaryLine | null {
  return gateways.length === 0 ? null : [name, `calls of ${gateways.join(', ')}`];
}

function countText({ prefixes, customers }: KindCount): string {
  return `${prefixesCount(prefixes)} of ${counted(customers, 'customer')}`;
}

function gatewaysLine({ gateways }: PlanSummary, which: 'won' | 'lost'): SummaryLine | null {
  const those = gateways.filter(one => one[which] > 0).sort((a, b) => b[which] - a[which]);
  if (those.length === 0) return null;
  const more = those.length - gatewaysShown;
  const shown = those
    .slice(0, gatewaysShown)
    .map(
      (one, i) =>
        `${one.gateway} for ${i === 0 ? prefixesCount(one[which]) : one[which].toLocaleString('en-US')}`,
    )
    .join(', ');
  return [`gateways ${which}`, more > 0 ? `${shown} and ${counted(more, 'other gateway')}` : shown];
}

function marginsLine({ margins }: PlanSummary, { after }: Plan): SummaryLine | null {
  const { up, down, unknown, mostUp, mostDown } = margins;
  const by = (most: string | null): string =>
    most === null ? '' : ` (by ${most} ${after.currency} at most)`;
  const texts = [
    down === 0 ? '' : `down for ${prefixesCount(down)}${by(mostDown)}`,
    up === 0 ? '' : `up for ${prefixesCount(up)}${by(mostUp)}`,
    unknown === 0 ? '' : `not known for ${prefixesCount(unknown)}`,
  ].filter(text => text !== '');
  return texts.length === 0 ? null : ['margin', texts.join(', ')];
}

/** Prefixes that lose the same with the same gateway, together. */
function lossesLine(losses: readonly LossPrefix[], { after }: Plan): SummaryLine | null {
  if (losses.length === 0) return null;
  const groups = new Map<string, { readonly loss: LossPrefix; readonly prefixes: string[] }>();
  let least = '';
  for (const loss of losses) {
    const key = `${loss.margin} ${loss.gateway}`;
    const known = groups.get(key);
    if (known !== undefined) known.prefixes.push(prefixText(loss.prefix));
    else if (groups.size < lossesShown) {
      groups.set(key, { loss, prefixes: [prefixText(loss.prefix)] });
      least = loss.margin;
    } else if (loss.margin !== least) {
      // They come in the order of what they lose.
      break;
    }
  }
  const told = [...groups.values()];
  const texts = told.map(
    ({ loss, prefixes }) => `${firstOf(prefixes)} by ${loss.gateway} (${signed(loss.margin)})`,
  );
  const more = losses.length - told.reduce((sum, { prefixes }) => sum + prefixes.length, 0);
  const rest = more > 0 ? `; and ${prefixesCount(more)} more` : '';
  return ['worst losses', `${texts.join('; ')}${rest}, in ${after.currency} for 60 s`];
}

const prefixesOfLossShown = 6;

function firstOf(prefixes: readonly string[]): string {
  const more = prefixes.length - prefixesOfLossShown;
  const shown = prefixes.slice(0, prefixesOfLossShown).join(', ');
  return more > 0 ? `${shown} and ${more.toLocaleString('en-US')} more` : shown;
}

function trafficLine(traffic: PlanTraffic | null, { after }: Plan): SummaryLine | null {
  if (traffic === null) return null;
  const { affected, days } = traffic;
  const upTo = affected.atMost ? 'up to ' : '';
  const of = `${upTo}${affected.minutes.toLocaleString('en-US')} of ${traffic.minutes.toLocaleString('en-US')} minutes of ${days === 1 ? 'one day' : `${days} days`} until ${traffic.until.slice(0, 10)}`;
  const margin = aDayText(affected, after.currency);
  return [
    'traffic',
    affected.calls === 0 ? `none of ${traffic.minutes.toLocaleString('en-US')} minutes` : `${of}; ${margin}`,
  ];
}

/** `margin −41.20 USD a day` */
export function aDayText({ marginADay }: Weight, currency: string): string {
  const margin = marginADay === null ? null : parseMoney(marginADay);
  return margin === null ? 'margin not known' : `margin ${signed(formatMoney(margin, 2))} ${currency} a day`;
}

function extentLine(name: string, share: ChangedShare): SummaryLine | null {
  const { before, added, removed, changed } = share;
  if (added + removed + changed === 0) return null;
  const texts = [
    added === 0 ? '' : `${added.toLocaleString('en-US')} new`,
    removed === 0 ? '' : `${removed.toLocaleString('en-US')} gone`,
    changed === 0 ? '' : `${changed.toLocaleString('en-US')} changed`,
  ].filter(text => text !== '');
  const percent = before === 0 ? '' : ` (${percentText(percentChanged(share))} %)`;
  return [`${name} in the files`, `${texts.join(', ')} of ${before.toLocaleString('en-US')}${percent}`];
}
