/** The summary in sentences, for every format. */
import { counted } from '../../diagnostics/count.ts';
import { formatMoney, parseMoney } from '../../rating/money.ts';
import type { ChangedShare, Plan } from '../plan.ts';
import { percentChanged, percentText } from './guards.ts';
import type { PlanReport } from './report.ts';
import { kindWords } from './severity.ts';
import type { KindCount, LossPrefix, PlanSummary } from './summary.ts';
import type { PlanTraffic, Weight } from './traffic.ts';
import { prefixesCount, prefixText, signed } from './words.ts';

/** What a manager reads: a name, and what is to be said of it. */
export type SummaryLine = readonly [name: string, text: string];

const lossesShown = 5;
const gatewaysShown = 5;

/** One sentence of the whole change. */
export function headline({ plan, summary }: PlanReport): string {
  if (summary.same) return 'Nothing changes: both sides mean the same.';
  if (plan.differences.length > 0) {
    const { touched, total } = summary.customers;
    return `${touched.toLocaleString('en-US')} of ${counted(total, 'customer')}: calls to ${prefixesCount(summary.prefixes)} go another way or at another price.`;
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

export function summaryLines({ plan, summary, traffic, allowances }: PlanReport): readonly SummaryLine[] {
  const lines: (SummaryLine | null)[] = [
    namesLine('no longer served', summary.customersGone),
    namesLine('newly served', summary.customersNew),
    ...summary.kinds.map((count): SummaryLine => [kindWords(count.kind), countText(count)]),
    gatewaysLine(summary),
    marginsLine(summary),
    lossesLine(summary.losses, plan),
    trafficLine(traffic, plan),
    ...summary.suppositions.map(
      ({ down, kinds }): SummaryLine => [
        `while ${down.join(', ')} is down`,
        kinds.map(count => `${kindWords(count.kind)}: ${countText(count)}`).join('; '),
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

function gatewaysLine({ gateways }: PlanSummary): SummaryLine | null {
  const of = (which: 'won' | 'lost', sign: string): readonly string[] =>
    gateways
      .filter(one => one[which] > 0)
      .map(one => `${sign}${one[which].toLocaleString('en-US')} ${one.gateway}`);
  const texts = [...of('lost', '−'), ...of('won', '+')];
  if (texts.length === 0) return null;
  const more = texts.length - gatewaysShown;
  const shown = texts.slice(0, gatewaysShown).join(', ');
  return ['prefixes by gateway', more > 0 ? `${shown} and ${counted(more, 'other gateway')}` : shown];
}

function marginsLine({ margins: { up, down, unknown } }: PlanSummary): SummaryLine | null {
  const texts = [
    down === 0 ? '' : `down for ${prefixesCount(down)}`,
    up === 0 ? '' : `up for ${prefixesCount(up)}`,
    unknown === 0 ? '' : `not known for ${prefixesCount(unknown)}`,
  ].filter(text => text !== '');
  return texts.length === 0 ? null : ['margin', texts.join(', ')];
}

function lossesLine(losses: readonly LossPrefix[], { after }: Plan): SummaryLine | null {
  if (losses.length === 0) return null;
  const shown = losses
    .slice(0, lossesShown)
    .map(({ prefix, gateway, margin }) => `${prefixText(prefix)} by ${gateway} (${signed(margin)})`);
  const more = losses.length - lossesShown;
  const rest = more > 0 ? ` and ${prefixesCount(more)} more` : '';
  return ['worst losses', `${shown.join(', ')}${rest}, in ${after.currency} for 60 s`];
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
