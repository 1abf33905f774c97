/** An explanation for people. */

import { printable } from '../diagnostics/printable.ts';
import type { ExplainedRate, Explanation } from './explain-route.ts';
import { formatTable, paint } from './table.ts';

/** `pathPrefix` is put before every file, so that a terminal can open it. */
export function explanationText(explanation: Explanation, pathPrefix: string, colour: boolean): string {
  const { callee, caller, at, mappingGateway, account, rate, rejected } = explanation;
  const from = caller === '' ? '' : ` from ${caller}`;
  const lines = [
    `${callee}${from} via ${mappingGateway}, at ${at}`,
    `${account} pays ${rateText(rate, explanation, pathPrefix)}`,
  ];
  const head = `${lines.map(printable).join('\n')}\n`;
  if (rejected !== null) {
    const place = `${pathPrefix}${rejected.source}`;
    return `${head}\n${paint('rejected', 'red', colour)} ${rejected.reason}: ${printable(rejected.detail)} (${printable(place)})\n`;
  }
  const none = paint('no gateway can carry this call (NoAvailableRouter)', 'red', colour);
  const attempts = explanation.attempts.length === 0 ? `${none}\n` : attemptsTable(explanation, pathPrefix);
  const excluded = explanation.excluded.length === 0 ? '' : `\n${excludedTable(explanation, pathPrefix)}`;
  return `${head}\n${attempts}${excluded}`;
}

function rateText(rate: ExplainedRate | null, explanation: Explanation, pathPrefix: string): string {
  if (rate === null) return explanation.rejected === null ? 'nothing (unrated)' : 'nothing';
  const fee = rate.connectFee === '0' ? '' : `, ${rate.connectFee} to connect`;
  const free = rate.freeSeconds === 0 ? '' : `, ${rate.freeSeconds} s free`;
  const stages = rate.stages === 'none' ? '' : `, stages ${rate.stages}`;
  return `${rate.exampleAmount} ${explanation.currency} for ${explanation.exampleSeconds} s: ${rate.rate} per ${rate.unitSeconds} s, ${rate.increments}${fee}${free}${stages}, prefix ${rate.prefix || '(any)'} (${pathPrefix}${rate.source})`;
}

function attemptsTable({ attempts, exampleSeconds }: Explanation, pathPrefix: string): string {
  return formatTable(
    [
      { title: '#', align: 'right' },
      { title: 'gateway' },
      { title: 'prefix' },
      { title: 'mode' },
      { title: 'priority', align: 'right' },
      { title: 'address' },
      { title: 'vendor' },
      { title: 'rate', align: 'right' },
      { title: `cost of ${exampleSeconds} s`, align: 'right' },
      { title: 'margin', align: 'right' },
      { title: '' },
      { title: 'because of' },
    ],
    attempts.map((attempt, index) => [
      String(index + 1),
      attempt.gateway,
      attempt.prefix || '(any)',
      attempt.mode,
      String(attempt.priority),
      attempt.address,
      attempt.account,
      attempt.rate === null ? 'unrated' : `${attempt.rate.rate}/${attempt.rate.unitSeconds}s`,
      attempt.rate?.exampleAmount ?? '0.00',
      attempt.margin,
      attempt.protectRoute ? 'protect' : '',
      `${pathPrefix}${attempt.source}`,
    ]),
  );
}

function excludedTable({ excluded }: Explanation, pathPrefix: string): string {
  return formatTable(
    [{ title: 'left out' }, { title: 'why' }, { title: 'because of' }],
    excluded.map(({ gateway, detail, source }) => [gateway, detail, `${pathPrefix}${source}`]),
  );
}
