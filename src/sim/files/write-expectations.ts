/** Writes what is expected, as `expectations` reads it. */
import type { CallSubject, Expectation, Matcher, TotalSubject } from '../scenario/matcher.ts';
import { durationText } from './durations.ts';
import { amountText, matcherText } from './matchers.ts';
import { decimalText } from './write-behaviour.ts';
import { quotedScalar, textScalar, type YamlTree } from './yaml-text.ts';

type Path = readonly string[];

/** Undefined where nothing is expected. */
export function callExpectationsTree(
  expectations: readonly Expectation<CallSubject>[],
): YamlTree | undefined {
  return treeOf(
    expectations.map(({ subject, of, matcher }) => [callPath(subject, of), callText(subject, matcher)]),
  );
}

/** Undefined where nothing is expected. */
export function totalsTree(expectations: readonly Expectation<TotalSubject>[]): YamlTree | undefined {
  return treeOf(
    expectations.map(({ subject, of, matcher, percent }) => [
      totalPath(subject, of ?? ''),
      scalar(matcherText(matcher, percent === true ? percentText : totalTexts[subject])),
    ]),
  );
}

function callPath(subject: CallSubject, of: string | null): Path {
  switch (subject) {
    case 'amount':
    case 'billedSeconds':
    case 'rateTable':
      return [of ?? 'customer', subject];
    case 'ratePrefix':
      return [of ?? 'customer', 'prefix'];
    case 'sentCaller':
      return ['sent', 'caller'];
    case 'sentCallee':
      return ['sent', 'callee'];
    case 'sentForwarding':
      return ['sent', 'forwarding'];
    case 'record':
      return ['record', of ?? ''];
    default:
      return [subject];
  }
}

function callText(subject: CallSubject, matcher: Matcher): YamlTree {
  switch (subject) {
    case 'postDialDelay':
    case 'talk':
      return scalar(matcherText(matcher, msText));
    case 'amount':
    case 'profit':
      return scalar(matcherText(matcher, value => amountText(value as bigint)));
    case 'billedSeconds':
      return scalar(matcherText(matcher, String));
    case 'status':
      return statusText(matcher);
    case 'tried':
      return matcher.kind === 'list' && matcher.values.length === 0 ? 'none' : textsOf(matcher);
    default:
      return textsOf(matcher);
  }
}

function statusText(matcher: Matcher): YamlTree {
  if (matcher.kind !== 'within') return textsOf(matcher);
  const [least, most] = [Number(matcher.least), Number(matcher.most)];
  return least % 100 === 0 && most === least + 99 ? `${least / 100}xx` : `${least}..${most}`;
}

function textsOf(matcher: Matcher): YamlTree {
  if (matcher.kind === 'list' || matcher.kind === 'oneOf') return matcher.values.map(textScalar);
  if (matcher.kind === 'within') return scalar(matcherText(matcher, value => amountText(value as bigint)));
  const { value } = matcher;
  if (value === null) return 'none';
  if (typeof value === 'string') return textScalar(value);
  if (typeof value === 'number') return decimalText(value);
  return typeof value === 'bigint' ? amountText(value) : String(value);
}

const totalPaths: Partial<Readonly<Record<TotalSubject, readonly [string, string]>>> = {
  balance: ['accounts', 'balance'],
  lowestBalance: ['accounts', 'lowest'],
  charged: ['accounts', 'charged'],
  gatewayAttempts: ['gateways', 'attempts'],
  gatewayAnswered: ['gateways', 'answered'],
  gatewayPeakLines: ['gateways', 'peakLines'],
  gatewayShare: ['gateways', 'share'],
};

function totalPath(subject: TotalSubject, of: string): Path {
  const [group, key] = totalPaths[subject] ?? [];
  if (group !== undefined && key !== undefined) return [group, of, key];
  return subject === 'reasons' ? ['reasons', of] : [subject];
}

type ValueText = (value: number | bigint) => string;

const countText: ValueText = String;
const moneyText: ValueText = value => amountText(BigInt(value));
const msText: ValueText = value => durationText(Number(value));
const percentText: ValueText = value => `${decimalText(Number(value))}%`;

const totalTexts: Readonly<Record<TotalSubject, ValueText>> = {
  calls: countText,
  answered: countText,
  refused: countText,
  failed: countText,
  cancelled: countText,
  reasons: countText,
  answerSeizureRatio: percentText,
  averageCallDuration: msText,
  averagePostDialDelay: msText,
  peakCalls: countText,
  profit: moneyText,
  balance: moneyText,
  lowestBalance: moneyText,
  charged: moneyText,
  gatewayAttempts: countText,
  gatewayAnswered: countText,
  gatewayPeakLines: countText,
  gatewayShare: percentText,
};

/** `>` and `<` begin something else in YAML. */
function scalar(text: string): string {
  return /^[<>]/.test(text) ? quotedScalar(text) : text;
}

interface Branch {
  [key: string]: YamlTree | Branch;
}

function treeOf(entries: readonly (readonly [Path, YamlTree])[]): YamlTree | undefined {
  const root: Branch = {};
  for (const [path, value] of entries) {
    let branch = root;
    for (const step of path.slice(0, -1)) {
      branch[step] ??= {};
      branch = branch[step] as Branch;
    }
    branch[path.at(-1)!] = value;
  }
  return Object.keys(root).length === 0 ? undefined : (root as YamlTree);
}
