/** What is expected, of a call and of all calls: from the keys of a file to expectations. */
import type { Located } from '../../config/read/located.ts';
import type { CallSubject, Expectation, Matcher, TotalSubject } from '../scenario/matcher.ts';
import { checkCallExpectations } from './impossible.ts';
import { parseMatcher, type Quantity } from './matchers.ts';
import type { NameKind } from './names.ts';
import { type Context, itemsOf, pairsOf } from './nodes.ts';
import { moneyFields } from './record-fields.ts';

type CallExpectation = Expectation<CallSubject>;

/** `node` is null where nothing is expected. */
export function parseCallExpectations(node: Located | null, context: Context): readonly CallExpectation[] {
  if (node === null) return [];
  const before = context.findings.all.length;
  const found = pairsOf(node).flatMap(([key, { node: value }]) => callExpectations(key, value, context));
  // What is wrong alone need not be held against the rest.
  if (context.findings.all.length === before) checkCallExpectations(found, context);
  return found;
}

function callExpectations(key: string, node: Located, context: Context): readonly CallExpectation[] {
  switch (key) {
    case 'tried':
      return [triedExpectation(node, context)];
    case 'gateway':
      return [named('gateway', 'routing-gateway', node, context)];
    case 'reason':
      return [named('reason', 'end reason', node, context)];
    case 'result':
    case 'endedBy':
    case 'recorded':
      return [is(key, null, node, node.value as string | boolean)];
    case 'status':
      return [{ subject: 'status', of: null, matcher: statusMatcher(node, context), ...at(node) }];
    case 'postDialDelay':
    case 'talk':
      return [quantity(key, null, 'duration', node, context)];
    case 'profit':
      return [quantity('profit', null, 'money', node, context)];
    case 'customer':
    case 'vendor':
      return chargeExpectations(key, node, context);
    case 'sent':
      return pairsOf(node).map(([which, { node: number }]) =>
        is(sentSubjects[which]!, null, number, number.value === 'none' ? null : String(number.value)),
      );
    case 'record':
      return pairsOf(node).flatMap(([field, { node: value, keyPlace }]) => {
        const known = context.names.find(
          'field of the call detail record',
          field,
          keyPlace,
          context.findings,
        );
        return known === null ? [] : [recordExpectation(field, value, context)];
      });
    default:
      throw new TypeError(`the schema let a call expect "${key}"`);
  }
}

const sentSubjects: Readonly<Record<string, CallSubject>> = {
  caller: 'sentCaller',
  callee: 'sentCallee',
  forwarding: 'sentForwarding',
};

/** A table says of a number which gateway answers, which ones are tried, or anything that a call can expect. */
export function parseRow(node: Located, context: Context): readonly CallExpectation[] {
  if (Array.isArray(node.value) || node.value === 'none') {
    const before = context.findings.all.length;
    const tried = [triedExpectation(node, context)];
    if (context.findings.all.length === before) checkCallExpectations(tried, context);
    return tried;
  }
  if (node.children !== null) return parseCallExpectations(node, context);
  return [named('gateway', 'routing-gateway', node, context)];
}

function triedExpectation(node: Located, context: Context): CallExpectation {
  const listed = Array.isArray(node.value) ? itemsOf(node) : node.value === 'none' ? [] : [node];
  for (const { value, place } of listed) {
    context.names.find('routing-gateway', String(value), place, context.findings);
  }
  const values = listed.map(({ value }) => String(value));
  return { subject: 'tried', of: null, matcher: { kind: 'list', values }, ...at(node) };
}

function named(
  subject: CallSubject,
  kind: NameKind,
  node: Located,
  { names, findings }: Context,
): CallExpectation {
  if (node.value === 'none') return is(subject, null, node, null);
  const listed = Array.isArray(node.value) ? itemsOf(node) : [node];
  for (const { value, place } of listed) names.find(kind, String(value), place, findings);
  const values = listed.map(({ value }) => String(value));
  const matcher: Matcher = Array.isArray(node.value)
    ? { kind: 'oneOf', values }
    : { kind: 'is', value: values[0]! };
  return { subject, of: null, matcher, ...at(node) };
}

/** `503`, `none`, `5xx` or `480..486`. */
function statusMatcher(node: Located, { findings }: Context): Matcher {
  if (typeof node.value === 'number') return { kind: 'is', value: node.value };
  const text = String(node.value);
  if (text === 'none') return { kind: 'is', value: null };
  if (text.endsWith('xx')) {
    const least = Number(text[0]) * 100;
    return { kind: 'within', least, most: least + 99 };
  }
  const [least = 0, most = 0] = text.split('..').map(Number);
  if (least > most) findings.add('C4705', node.place, `no status is in ${text}`);
  return { kind: 'within', least, most };
}

function chargeExpectations(
  side: 'customer' | 'vendor',
  node: Located,
  context: Context,
): readonly CallExpectation[] {
  if (node.children === null) return [is('record', `${side}Charge`, node, null)];
  return pairsOf(node).map(([key, { node: value }]): CallExpectation => {
    switch (key) {
      case 'account':
        context.names.find('account', String(value.value), value.place, context.findings);
        return is('record', `${side}Charge.account`, value, String(value.value));
      case 'amount':
        return quantity('amount', side, 'money', value, context);
      case 'billedSeconds':
        return quantity('billedSeconds', side, 'count', value, context);
      case 'prefix':
        return is('ratePrefix', side, value, String(value.value));
      default:
        context.names.find('rate-table', String(value.value), value.place, context.findings);
        return is('rateTable', side, value, String(value.value));
    }
  });
}

function recordExpectation(field: string, node: Located, context: Context): CallExpectation {
  if (node.value === 'none') return is('record', field, node, null);
  if (moneyFields.has(field) && /^-?\d{1,12}(?:\.\d{1,8})?$/.test(node.source ?? '')) {
    return quantity('record', field, 'money', node, context);
  }
  return is('record', field, node, node.value as string | number | boolean);
}

const totalQuantities: Readonly<Record<string, Quantity>> = {
  calls: 'count',
  answered: 'share',
  refused: 'share',
  failed: 'share',
  cancelled: 'share',
  answerSeizureRatio: 'percent',
  averageCallDuration: 'average',
  averagePostDialDelay: 'average',
  peakCalls: 'count',
  profit: 'money',
};

const accountSubjects: Readonly<Record<string, TotalSubject>> = {
  balance: 'balance',
  lowest: 'lowestBalance',
  charged: 'charged',
};

const gatewaySubjects: Readonly<Record<string, readonly [TotalSubject, Quantity]>> = {
  attempts: ['gatewayAttempts', 'count'],
  answered: ['gatewayAnswered', 'count'],
  peakLines: ['gatewayPeakLines', 'count'],
  share: ['gatewayShare', 'percent'],
};

/** `node` is null where nothing is expected. */
export function parseTotals(node: Located | null, context: Context): readonly Expectation<TotalSubject>[] {
  return pairsOf(node).flatMap(([key, { node: value }]) => {
    if (key === 'reasons') {
      return namedPairs(value, 'end reason', context).map(([reason, count]) =>
        quantity<TotalSubject>('reasons', reason, 'share', count, context),
      );
    }
    if (key === 'accounts') {
      return namedPairs(value, 'account', context).flatMap(([account, inner]) =>
        pairsOf(inner).map(([which, { node: amount }]) =>
          quantity(accountSubjects[which]!, account, 'money', amount, context),
        ),
      );
    }
    if (key === 'gateways') {
      return namedPairs(value, 'routing-gateway', context).flatMap(([gateway, inner]) =>
        pairsOf(inner).map(([which, { node: number }]) => {
          const [subject, of] = gatewaySubjects[which]!;
          return quantity(subject, gateway, of, number, context);
        }),
      );
    }
    return [quantity(key as TotalSubject, null, totalQuantities[key]!, value, context)];
  });
}

function namedPairs(
  node: Located,
  kind: NameKind,
  { names, findings }: Context,
): readonly [string, Located][] {
  return pairsOf(node).flatMap(([name, child]) =>
    names.find(kind, name, child.keyPlace, findings) === null
      ? []
      : [[name, child.node] as [string, Located]],
  );
}

function quantity<Subject extends string>(
  subject: Subject,
  of: string | null,
  kind: Quantity,
  node: Located,
  { findings }: Context,
): Expectation<Subject> {
  const { matcher, percent } = parseMatcher(node, kind, findings);
  return { subject, of, matcher, ...(percent ? { percent } : {}), ...at(node) };
}

function is<Subject extends string>(
  subject: Subject,
  of: string | null,
  node: Located,
  value: string | number | boolean | null,
): Expectation<Subject> {
  return { subject, of, matcher: { kind: 'is', value }, ...at(node) };
}

function at(node: Located): Pick<CallExpectation, 'written' | 'place'> {
  const written =
    node.source ??
    itemsOf(node)
      .map(({ source }) => source ?? '')
      .join(', ');
  return { written, place: node.place };
}
