/** The rows and sentences that text and Markdown share. */
import { counted } from '../diagnostics/count.ts';
import { parseMoney } from '../rating/money.ts';
import { pointsOf } from './guards.ts';
import type {
  CustomerReport,
  ExampleCall,
  FiguresReport,
  ReasonReport,
  ReplayReport,
  VendorReport,
} from './report.ts';
import type { Level } from './vendor-model.ts';

export interface Table {
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What a manager reads: each figure as recorded, on both sides, and what becomes of it. */
export function summaryTable({ recorded, before, after }: ReplayReport): Table {
  const all = [recorded, before, after] as const;
  const whole = (name: string, of: (side: FiguresReport) => number): readonly string[] =>
    row(name, all.map(of), count, signed(of(after) - of(before), count));
  const amount = (name: string, of: (side: FiguresReport) => string): readonly string[] =>
    row(name, all.map(of), text => text, amountChange(of(before), of(after)));
  return {
    titles: ['', 'recorded', 'old', 'new', 'change'],
    rows: [
      whole('Calls', ({ calls }) => calls),
      whole('Answered', ({ answered }) => answered),
      row(
        'Completion',
        all.map(({ completion }) => completion),
        percent,
        before.calls === 0 ? '' : signed(pointsOf(before, after), value => `${value.toFixed(2)} points`),
      ),
      whole('Refused', ({ refused }) => refused),
      row(
        'Post-dial delay',
        all.map(({ postDialDelayMs }) => postDialDelayMs),
        seconds,
        secondsChange(before.postDialDelayMs, after.postDialDelayMs),
      ),
      whole('Minutes of talk', ({ talkSeconds }) => Math.round(talkSeconds / 60)),
      amount(`Revenue (${before.currency})`, ({ revenue }) => revenue),
      amount('Cost', ({ cost }) => cost),
      amount('Margin', ({ margin }) => margin),
      ['Calls at once, at most', '', count(before.peakCalls), count(after.peakCalls)].concat(
        signed(after.peakCalls - before.peakCalls, count),
      ),
    ],
  };
}

export function headline({ before, after, refusedNow, calls }: ReplayReport): string {
  if (calls === 0) return 'No call was recorded in this time.';
  const refused = refusedNow.reduce((sum, { calls: many }) => sum + many, 0);
  const answered = after.answered - before.answered;
  const parts = [
    answered === 0
      ? 'as many calls are answered'
      : `${counted(Math.abs(answered), 'call')} ${answered < 0 ? 'fewer' : 'more'} answered`,
    refused === 0
      ? 'none is refused that was not'
      : `${counted(refused, 'call')} refused that ${refused === 1 ? 'was' : 'were'} not`,
  ];
  const margin = amountChange(before.margin, after.margin);
  parts.push(
    before.currency === after.currency
      ? `margin ${margin === '' ? 'as before' : `${margin} ${after.currency}`}`
      : 'margins in two currencies',
  );
  return `${sentence(parts.join(', '))}.`;
}

export function customersTable(customers: readonly CustomerReport[]): Table {
  return {
    titles: ['customer', 'calls', 'answered', 'change', 'completion', 'PDD', 'margin', 'change', 'lines'],
    rows: customers.map(({ customer, before, after }) => [
      customer ?? '(unknown source)',
      count(Math.max(before.calls, after.calls)),
      count(after.answered),
      signed(after.answered - before.answered, count),
      move(before.completion, after.completion, percent),
      move(before.postDialDelayMs, after.postDialDelayMs, seconds),
      after.margin,
      amountChange(before.margin, after.margin),
      move(before.peakLines, after.peakLines, count),
    ]),
  };
}

export function vendorsTable(vendors: readonly VendorReport[]): Table {
  return {
    titles: ['gateway', 'attempts', 'change', 'answered', 'minutes', 'cost', 'change', 'margin', 'lines'],
    rows: vendors.map(({ gateway, before, after }) => [
      gateway,
      count(after.attempts),
      signed(after.attempts - before.attempts, count),
      move(before.answerRatio, after.answerRatio, percent),
      move(Math.round(before.talkSeconds / 60), Math.round(after.talkSeconds / 60), count),
      after.cost,
      amountChange(before.cost, after.cost),
      after.margin,
      move(before.peakLines, after.peakLines, count),
    ]),
  };
}

/** `NoSuchRate`, how many, and one of them. */
export function reasonsTable(reasons: readonly ReasonReport[]): Table {
  return {
    titles: ['reason', 'calls', 'for example'],
    rows: reasons.map(({ reason, calls, examples: [example] }) => [
      reason,
      count(calls),
      example === undefined ? '' : exampleWords(example),
    ]),
  };
}

function exampleWords({ at, source, caller, callee, callId }: ExampleCall): string {
  const from = caller === '' ? 'a caller without a number' : caller;
  return `${callee === '' ? 'no number' : callee} called by ${from} from ${source} at ${at} (${callId})`;
}

/** How far the replay can be trusted. */
export function trustLines(report: ReplayReport): readonly string[] {
  const { fidelity, before, after, unreadable, parts, moves } = report;
  const lines = [
    `Played alike, the old configuration ends ${percent(fidelity.sameResult)} of the calls as recorded (answered, not answered, refused)${
      fidelity.sameGateway === null
        ? ''
        : `, and ${percent(fidelity.sameGateway)} of the answered ones by the same gateway`
    }.`,
    `Vendors behave as in the record of the very call in ${recordedShare(before.attempts)} of the attempts of the old side and ${recordedShare(after.attempts)} of the new one.`,
    ...drawnLines(after.attempts),
    `${counted(moves.otherCarrier, 'answered call')} ${moves.otherCarrier === 1 ? 'goes' : 'go'} by another gateway.`,
    'Every account has plenty of money, and every gateway answers OPTIONS.',
  ];
  if (parts > 1)
    lines.push(`Played in ${parts} parts, each after an hour of warming up; --whole plays all at once.`);
  if (unreadable > 0) lines.push(`${counted(unreadable, 'row')} of the database could not be read.`);
  return lines;
}

const levelWords: Readonly<Record<Exclude<Level, 'recorded'>, string>> = {
  gatewayAtPrefix: 'as the same gateway did with numbers like it',
  gateway: 'as the same gateway did with any number',
  allAtPrefix: 'as all gateways together did with numbers like it',
  allGateways: 'as all gateways together did with any number',
  nothingKnown: 'refused with 503, since nothing at all is known',
};

function drawnLines(attempts: Readonly<Record<Level, number>>): readonly string[] {
  const parts = Object.entries(levelWords)
    .filter(([level]) => attempts[level as Level] > 0)
    .map(([level, words]) => `${count(attempts[level as Level])} ${words}`);
  return parts.length === 0 ? [] : [`Drawn on the new side: ${parts.join('; ')}.`];
}

function recordedShare(attempts: Readonly<Record<Level, number>>): string {
  const all = Object.values(attempts).reduce((sum, one) => sum + one, 0);
  return percent(all === 0 ? null : attempts.recorded / all);
}

function row<Value>(
  name: string,
  values: readonly Value[],
  show: (value: Value) => string,
  change: string,
): readonly string[] {
  return [name, ...values.map(show), change];
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function percent(ratio: number | null): string {
  return ratio === null ? '-' : `${(ratio * 100).toFixed(2)} %`;
}

function seconds(milliseconds: number | null): string {
  return milliseconds === null ? '-' : `${(milliseconds / 1000).toFixed(2)} s`;
}

/** One value where nothing changed, both with an arrow where it did. */
function move<Value>(before: Value, after: Value, show: (value: Value) => string): string {
  const [old, now] = [show(before), show(after)];
  return old === now ? now : `${old} → ${now}`;
}

/** Empty without a change. */
function signed(change: number, show: (value: number) => string): string {
  if (change === 0) return '';
  return `${change > 0 ? '+' : '−'}${show(Math.abs(change))}`;
}

function secondsChange(before: number | null, after: number | null): string {
  if (before === null || after === null) return '';
  return signed(after - before, value => `${(value / 1000).toFixed(2)} s`);
}

function amountChange(before: string, after: string): string {
  const change = exact(after) - exact(before);
  if (change === 0n) return '';
  const text = exactText(change < 0n ? -change : change);
  return `${change > 0n ? '+' : '−'}${text}`;
}

function exact(text: string): bigint {
  return parseMoney(text) ?? 0n;
}

function exactText(units: bigint): string {
  const text = units.toString().padStart(9, '0');
  return `${text.slice(0, -8)}.${text.slice(-8)}`.replace(/0{1,6}$/, '');
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
