/** An explanation for people, at most 100 columns wide where names and paths allow. */
import { printable } from '../diagnostics/printable.ts';
import type {
  ExplainedAttempt,
  ExplainedRate,
  ExplainedSent,
  ExplainedStep,
  ExplainedUse,
  Explanation,
} from '../explain/explanation.ts';
import { callRateInUse, linesInUse } from './capacity-text.ts';
import { formatTable, paint } from './table.ts';
import { wrap } from './wrap.ts';

const usualWidth = 100;
const labelWidth = 10;

interface Style {
  /** Is put before every file, so that a terminal can open it. */
  readonly pathPrefix: string;
  readonly colour: boolean;
  /** When it was asked, in words; absent where `state` of the explanation says all. */
  readonly moment?: string;
  /** Columns (default: 100). */
  readonly width?: number;
}

export function explanationText(explanation: Explanation, style: Style): string {
  return [
    headText(explanation, style),
    factsText(explanation, style),
    outcomeText(explanation, style),
    excludedText(explanation, style),
    endText(explanation, style),
  ]
    .filter(part => part !== '')
    .join('\n');
}

/** The decision alone: the gateways in the order of trying, and what kept out the others. */
export function decisionText(explanation: Explanation, style: Style): string {
  const outcome =
    explanation.rejected === null ? candidatesText(explanation, style) : outcomeText(explanation, style);
  return [outcome, excludedText(explanation, style)].filter(part => part !== '').join('');
}

function candidatesText(explanation: Explanation, style: Style): string {
  const { attempts, exampleSeconds } = explanation;
  const names = ['candidate', ...attempts.map(({ gateway }) => gateway)];
  const prefixes = ['prefix', ...attempts.map(({ prefix }) => prefix || '(any)')];
  const label = columns(names, prefixes);
  const rows = attempts.map((attempt, index) =>
    hanging(label(index + 1), candidateText(attempt, exampleSeconds, style), style),
  );
  return `${label(0)}in the order of trying\n${rows.join('')}`;
}

function candidateText(attempt: ExplainedAttempt, exampleSeconds: number, style: Style): string {
  const { priority, protectRoute, rate, cost, source } = attempt;
  const facts = [
    `priority ${priority}`,
    ...(protectRoute ? ['protect route'] : []),
    `${linesInUse(attempt)} lines`,
    rate === null ? 'unrated' : `${cost} for ${exampleSeconds} s`,
  ];
  return placed(facts.join(', '), source, style);
}

/** Two columns that are as wide as their widest entry. */
function columns(first: readonly string[], second: readonly string[]): (index: number) => string {
  const firstWidth = Math.max(...first.map(({ length }) => length));
  const secondWidth = Math.max(...second.map(({ length }) => length));
  return index => `${first[index]!.padEnd(firstWidth)}  ${second[index]!.padEnd(secondWidth)}  `;
}

function headText(explanation: Explanation, style: Style): string {
  const { callee, caller, forwarding, mappingGateway, at, state, declared } = explanation;
  const from = caller === '' ? '' : ` from ${caller}`;
  const over = forwarding === null ? '' : ` forwarded by ${forwarding}`;
  const via = mappingGateway === null ? '' : ` via ${mappingGateway}`;
  const how =
    style.moment ?? (state === 'live' ? 'on the running switch as it is now' : 'with all lines free');
  const lines = [`${callee}${from}${over}${via}, at ${at}, ${how}`];
  if (declared.down.length > 0) lines.push(`declared offline: ${declared.down.join(', ')}`);
  if (declared.full.length > 0) lines.push(`declared full: ${declared.full.join(', ')}`);
  if (state === 'live' && explanation.filesHash !== explanation.snapshot.hash) {
    lines.push(filesText(explanation));
  }
  return lines.map(line => sentence(line, style)).join('');
}

function filesText({ snapshot, filesHash }: Explanation): string {
  const serves = `the switch serves ${snapshot.hash.slice(0, 12)}`;
  return filesHash === null
    ? `${serves}; the files on disk have errors, see \`class4 validate\``
    : `${serves}, not the files on disk (${filesHash.slice(0, 12)}): places are those of the former`;
}

/** Label and text; the label is shown where it differs from the one before. */
type Fact = readonly [label: string, text: string];

function factsText(explanation: Explanation, style: Style): string {
  const facts: Fact[] = [
    ['comes', placed(explanation.authentication.detail, explanation.authentication.source, style)],
    ...ingressFacts(explanation),
    ...accountFacts(explanation, style),
    ...numberFacts(explanation, style),
    ...priceFacts(explanation, style),
  ];
  let last = '';
  return facts
    .map(([label, text]) => {
      const shown = label === last ? '' : label;
      last = label;
      return hanging(shown.padEnd(labelWidth), text, style);
    })
    .join('');
}

function ingressFacts({ ingress, mappingGateway }: Explanation): Fact[] {
  return ingress === null ? [] : [['comes', `${mappingGateway} has ${useText(ingress)}`]];
}

function useText(use: ExplainedUse): string {
  const rate = callRateInUse(use);
  const lines = use.lineLimit === null && use.activeLines === 1 ? 'line' : 'lines';
  return `${linesInUse(use)} ${lines} in use${rate === '' ? '' : `, call rate ${rate}`}`;
}

function accountFacts({ customer, currency }: Explanation, style: Style): Fact[] {
  if (customer === null) return [];
  const { name, locked, validUntil, overdraftLimit, balance, usable } = customer;
  const money =
    balance === null
      ? `overdraft limit ${overdraftLimit} ${currency}, balance not known offline`
      : `balance ${balance} ${currency}, overdraft limit ${overdraftLimit}, ${usable} to use`;
  const state = [
    locked ? 'locked' : null,
    validUntil === null ? null : `valid until ${validUntil}`,
    money,
    useText(customer),
  ].filter(text => text !== null);
  return [['account', placed(`${name}: ${state.join(', ')}`, customer.source, style)]];
}

function numberFacts({ callee, caller, numbers }: Explanation, style: Style): Fact[] {
  const facts: Fact[] = numbers.steps.map(step => ['number', stepText(step, style)]);
  const { routed, rated } = numbers;
  if (routed === null || rated === null) return facts;
  const from = routed.caller === caller ? '' : ` from ${routed.caller || '(no caller)'}`;
  const as = rated === routed.callee ? 'routed and rated as' : 'routed as';
  const other = rated === routed.callee ? '' : `, rated as ${rated}`;
  const plain = facts.length === 0 && routed.callee === callee ? ', as it came' : '';
  return [...facts, ['number', `${as} ${routed.callee}${from}${other}${plain}`]];
}

function stepText({ number, before, after, detail, source }: ExplainedStep, style: Style): string {
  const change =
    before === after ? `${number} ${shown(after)} stays` : `${number} ${shown(before)} → ${shown(after)}`;
  return placed(`${change}: ${detail}`, source, style);
}

function shown(number: string): string {
  return number === '' ? '(empty)' : number;
}

function priceFacts(explanation: Explanation, style: Style): Fact[] {
  const { rate, rejected, account, currency, exampleSeconds } = explanation;
  if (rate === null) {
    return account === null || (rejected !== null && explanation.stopped === null)
      ? []
      : [['price', `${account} pays nothing (unrated)`]];
  }
  const extras = priceExtras(rate);
  const text = `${account} pays ${rate.exampleAmount} ${currency} for ${exampleSeconds} s: ${rate.rate} per ${rate.unitSeconds} s, ${rate.increments}${extras}, prefix ${rate.prefix || '(any)'} of ${rate.rateTable}`;
  return [['price', placed(text, rate.source, style)]];
}

function priceExtras({ connectFee, freeSeconds, stages }: ExplainedRate): string {
  const fee = connectFee === '0' ? '' : `, ${connectFee} to connect`;
  const free = freeSeconds === 0 ? '' : `, ${freeSeconds} s free`;
  return fee + free + (stages === 'none' ? '' : `, stages ${stages}`);
}

function outcomeText(explanation: Explanation, style: Style): string {
  const { rejected, attempts } = explanation;
  if (rejected !== null) {
    const { reason, status, detail, source } = rejected;
    const text = placed(`rejected ${status} ${reason}: ${detail}`, source, style);
    return sentence(text, style).replace('rejected', paint('rejected', 'red', style.colour));
  }
  return `${attemptsTable(explanation)}\n${attempts.map(one => attemptText(one, explanation, style)).join('')}`;
}

function attemptsTable({ attempts, exampleSeconds }: Explanation): string {
  return formatTable(
    [
      { title: '#', align: 'right' },
      { title: 'gateway' },
      { title: 'prefix' },
      { title: 'mode' },
      { title: 'prio', align: 'right' },
      { title: 'lines', align: 'right' },
      { title: 'rate', align: 'right' },
      { title: `${exampleSeconds} s`, align: 'right' },
      { title: 'margin', align: 'right' },
      { title: '%', align: 'right' },
      { title: '' },
    ],
    attempts.map(attempt => [
      String(attempt.position),
      attempt.gateway,
      attempt.prefix || '(any)',
      attempt.mode,
      String(attempt.priority),
      linesInUse(attempt),
      attempt.rate === null ? 'unrated' : `${attempt.rate.rate}/${attempt.rate.unitSeconds}s`,
      attempt.cost,
      attempt.margin,
      attempt.marginPercent ?? '',
      attempt.protectRoute ? 'protect' : '',
    ]),
  );
}

/** What the table has no room for. */
function attemptText(attempt: ExplainedAttempt, { attempts }: Explanation, style: Style): string {
  const label = `${String(attempt.position).padStart(String(attempts.length).length)}  `;
  const indent = ' '.repeat(label.length);
  const lines = [
    `${attempt.gateway} ${sentText(attempt.sent, attempt.address)}`,
    ...attempt.sent.steps.map(step => stepText(step, style)),
    `route ${style.pathPrefix}${attempt.source}`,
    owedText(attempt, style),
    standingText(attempt),
  ].filter(line => line !== '');
  return lines.map((line, index) => hanging(index === 0 ? label : indent, line, style)).join('');
}

function owedText({ rate, account }: ExplainedAttempt, { pathPrefix }: Style): string {
  if (rate === null) return `rate none, nothing is owed to ${account}`;
  const { prefix, increments, source } = rate;
  return `rate ${pathPrefix}${source} (${account}, prefix ${prefix || 'any'}, ${increments}${priceExtras(rate)})`;
}

/** What the order goes by beside priority, and whose lines count beside its own. */
function standingText({ policies, groups, carried }: ExplainedAttempt): string {
  return [
    ...policies.map(({ policy, value, takesPart }) => {
      return `by ${policy} ${value ?? (takesPart ? 'not known, counts as 100 %' : noPart[policy])}`;
    }),
    ...groups.map(group => {
      const reserve = group.reservedLines === 0 ? '' : `, leaves ${group.reservedLines} to others`;
      return `group ${group.name} ${linesInUse(group)} lines${reserve}`;
    }),
    ...(carried === 0 ? [] : [`calls carried ${carried}`]),
  ].join('; ');
}

const noPart = {
  asr: 'not measured, counts as 0 %',
  rate: 'takes no part, counts as dearest',
} as const;

function sentText(sent: ExplainedSent, address: string): string {
  const { callee, caller, calleeChoices, callerChoices } = sent;
  const from = caller === '' ? '' : ` from ${caller}${choicesText(callerChoices)}`;
  return `gets ${callee}${choicesText(calleeChoices)}${from} at ${address}`;
}

const mostChoicesShown = 6;

function choicesText(choices: readonly string[]): string {
  if (choices.length === 0) return '';
  const some = choices.slice(0, mostChoicesShown);
  const more = choices.length > some.length ? ` or ${choices.length - some.length} others` : '';
  return ` (one of ${some.join(', ')}${more})`;
}

function excludedText({ excluded }: Explanation, style: Style): string {
  if (excluded.length === 0) return '';
  const names = ['left out', ...excluded.map(({ gateway }) => gateway)];
  const prefixes = ['prefix', ...excluded.map(({ prefix }) => prefix || '(any)')];
  const label = columns(names, prefixes);
  const rows = excluded.map(({ reason, detail, source }, index) =>
    hanging(label(index + 1), placed(`${reason}: ${detail}`, source, style), style),
  );
  return `${label(0)}why\n${rows.join('')}`;
}

function endText(explanation: Explanation, style: Style): string {
  const { stopped, switchLimit, attempts, protectDelaySeconds } = explanation;
  if (stopped === null) return '';
  const lines = [placed(`The search ended: ${stopped.detail}`, stopped.source, style)];
  if (switchLimit !== null && attempts.length > switchLimit) {
    lines.push(`At most ${switchLimit} of these gateways are tried (SS_GATEWAY_SWITCH_LIMIT).`);
  }
  if (attempts.some(({ protectRoute }) => protectRoute)) {
    const sooner =
      protectDelaySeconds === 0
        ? ''
        : `, or once the caller has waited ${protectDelaySeconds} s and an attempt has ended`;
    lines.push(`Protect routes are tried when all others have failed${sooner}.`);
  }
  return lines.map(line => sentence(line, style)).join('');
}

function placed(text: string, source: string | null, { pathPrefix }: Style): string {
  return source === null ? text : `${text} (${pathPrefix}${source})`;
}

/** A label and behind it a text whose further lines stand under its first. */
function hanging(label: string, text: string, { width = usualWidth }: Style): string {
  const indent = ' '.repeat(label.length);
  return wrap(printable(text), width - label.length)
    .map((line, index) => `${index === 0 ? label : indent}${line}\n`)
    .join('');
}

/** A sentence whose further lines stand a little behind. */
function sentence(text: string, { width = usualWidth }: Style): string {
  return wrap(printable(text), width - 2)
    .map((line, index) => `${index === 0 ? '' : '  '}${line}\n`)
    .join('');
}
