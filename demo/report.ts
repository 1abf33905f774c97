/** What happened, as an operator wants to read it. */
import type { CdrReport } from '../src/live/operations.ts';

export const currency = 'EUR';

export function heading(number: number, title: string): string {
  return `\n${number}. ${title}\n`;
}

export function describeCall(cdr: CdrReport): string {
  const from = cdr.mappingGateway ?? `nobody we know (${cdr.sourceAddress})`;
  const lines = [`${cdr.caller} → ${cdr.callee}, from ${from}`];
  for (const attempt of cdr.attempts) {
    const status = `${attempt.status} ${attempt.reason}`;
    const rang = attempt.ringDelayMs === null ? '' : `, rang after ${attempt.ringDelayMs} ms`;
    lines.push(`  ${attempt.gateway.padEnd(9)} ${status.padEnd(28)} after ${attempt.delayMs} ms${rang}`);
  }
  if (cdr.answeredAt === null) {
    lines.push(`refused with ${cdr.status}: ${cdr.endReason} (ended by the ${cdr.endedBy})`);
    return indent(lines);
  }
  lines.push(`talked ${cdr.talkSeconds} s, ended by the ${cdr.endedBy} (${cdr.endReason})`);
  lines.push(`${describeMoney(cdr)}; snapshot ${cdr.snapshotHash.slice(0, 8)}`);
  return indent(lines);
}

function describeMoney({ customerCharge, vendorCharge, profit }: CdrReport): string {
  const paid =
    customerCharge === null
      ? 'nobody pays'
      : `${customerCharge.account} pays ${customerCharge.amount} (${customerCharge.billedSeconds} s at ${customerCharge.rate})`;
  const owed =
    vendorCharge === null ? 'nobody is owed' : `${vendorCharge.account} gets ${vendorCharge.amount}`;
  return `${paid}, ${owed}, ${profit} ${currency} stay`;
}

export function cdrTable(cdrs: readonly CdrReport[]): string {
  const rows = cdrs.map(cdr => [
    cdr.startedAt.slice(11, 19),
    cdr.mappingGateway ?? '-',
    cdr.callee,
    cdr.attempts.map(({ gateway, status }) => `${gateway}:${status}`).join(' ') || '-',
    String(cdr.status),
    cdr.endReason,
    String(cdr.talkSeconds),
    cdr.customerCharge?.amount ?? '-',
    cdr.vendorCharge?.amount ?? '-',
    cdr.profit,
  ]);
  return table(
    ['start', 'from', 'callee', 'attempts', 'code', 'end reason', 'talk s', 'charge', 'cost', 'profit'],
    rows,
  );
}

export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...rows.map(row => row[column]!.length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd();
  return indent([line(titles), line(widths.map(width => '-'.repeat(width))), ...rows.map(line)]);
}

function indent(lines: readonly string[]): string {
  return `${lines.map(line => `   ${line}`).join('\n')}\n`;
}
