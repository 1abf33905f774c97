/** Writes how a gateway behaves: in words where words say it, otherwise as a script of steps. */
import { Findings } from '../../config/findings.ts';
import { defaultLimits } from '../../config/limits.ts';
import { readYaml } from '../../config/read/yaml.ts';
import type { BehaviourRule, BehaviourStep, CallBehaviour, GatewayBehaviour } from '../scenario/behaviour.ts';
import { parseBehaviour, usualOptions } from './behaviour.ts';
import { durationText } from './durations.ts';
import { inlineYaml, quotedScalar, textScalar, type YamlTree } from './yaml-text.ts';

type Words = Readonly<Record<string, YamlTree>>;

export function behaviourTree({ rules, optionsStatus }: GatewayBehaviour, isDown: boolean): YamlTree {
  const [first] = rules;
  const isOne = rules.length === 1 && Object.keys(conditionsOf(first!)).length === 0;
  const options: Words =
    optionsStatus === usualOptions(rules, isDown)
      ? {}
      : { options: optionsStatus === null ? 'none' : `${optionsStatus}` };
  if (isOne) return { ...wordsOf(first!.behaviour), ...options };
  const listed = rules.map(rule => ({ ...conditionsOf(rule), ...wordsOf(rule.behaviour) }));
  return Object.keys(options).length === 0 ? listed : { rules: listed, ...options };
}

function conditionsOf({ firstCall, lastCall, calleePrefix, probability }: BehaviourRule): Words {
  const from = firstCall ?? 1;
  const calls = lastCall === null ? `${from}-` : from === lastCall ? `${from}` : `${from}-${lastCall}`;
  return {
    ...(firstCall === null && lastCall === null ? {} : { calls }),
    ...(calleePrefix === null ? {} : { callees: quotedScalar(calleePrefix) }),
    ...(probability === 1 ? {} : { probability: decimalText(probability) }),
  };
}

/** Without an exponent, which files do not have. */
export function decimalText(value: number): string {
  const [mantissa = '', exponent] = String(value).split('e-');
  if (exponent === undefined) return mantissa;
  return `0.${'0'.repeat(Number(exponent) - 1)}${mantissa.replace('.', '')}`;
}

function wordsOf(behaviour: CallBehaviour): Words {
  const { reaction, steps, hangUpAfterMs, diesAfterMs, sendsMedia, onCancel } = behaviour;
  const talks = steps.at(-1)?.kind === 'answer' || onCancel === 'answers';
  const own: Words = {
    ...(talks && hangUpAfterMs !== null ? { hangUp: durationText(hangUpAfterMs) } : {}),
    ...(talks && diesAfterMs !== null ? { dies: durationText(diesAfterMs) } : {}),
    ...(talks && !sendsMedia ? { media: 'none' } : {}),
    ...(onCancel === 'ends' ? {} : { onCancel }),
  };
  if (reaction !== 'script') return { [reaction]: 'true', ...own };
  const short = { ...shortWords(steps), ...own };
  if (saysSame(short, steps)) return short;
  if (steps.length === 0) return { silent: 'true', ...own };
  return { ...own, steps: steps.map(stepTree) };
}

/** What the words would be if the steps are such that words can say them. */
function shortWords(steps: readonly BehaviourStep[]): Words {
  const words: Record<string, YamlTree> = {};
  let atMs = 0;
  for (const step of steps) {
    atMs += step.afterMs;
    if (step.kind === 'answer') words['answer'] = durationText(atMs);
    if (step.kind === 'provisional') words[provisionalWords[step.status] ?? 'ring'] = durationText(atMs);
    if (step.kind !== 'fail') continue;
    if (step.status === 302 && step.contact !== null) words['redirect'] = quotedScalar(step.contact);
    else words['reject'] = `${step.status}`;
    if (atMs > 0) words['after'] = durationText(atMs);
    if (step.reason !== null) words['reason'] = textScalar(step.reason);
    if (step.retryAfterSeconds !== null) words['retryAfter'] = `${step.retryAfterSeconds}s`;
  }
  // Whether 100 Trying comes is usually left to the rule about it.
  const { trying: _, ...unsaid } = words;
  if (Object.keys(unsaid).length > 0 && saysSame(unsaid, steps)) return unsaid;
  return 'trying' in words || steps.length === 0 ? words : { trying: 'never', ...words };
}

const provisionalWords: Readonly<Record<number, string>> = { 100: 'trying', 180: 'ring', 183: 'progress' };

function saysSame(words: Words, steps: readonly BehaviourStep[]): boolean {
  const findings = new Findings();
  const { root } = readYaml(inlineYaml(words), '', defaultLimits);
  if (root === null || root.children === null) return false;
  const [rule] = parseBehaviour(root, findings).rules;
  return findings.all.length === 0 && JSON.stringify(rule?.behaviour.steps) === JSON.stringify(steps);
}

function stepTree(step: BehaviourStep): YamlTree {
  const after: Words = step.afterMs === 0 ? {} : { after: durationText(step.afterMs) };
  if (step.kind === 'answer') return { ...after, send: '200' };
  if (step.kind === 'provisional') {
    return { ...after, send: `${step.status}`, ...(step.sdp ? { sdp: 'true' } : {}) };
  }
  const { status, reason, retryAfterSeconds, contact } = step;
  return {
    ...after,
    send: `${status}`,
    ...(reason === null ? {} : { reason: textScalar(reason) }),
    ...(retryAfterSeconds === null ? {} : { retryAfter: `${retryAfterSeconds}s` }),
    ...(contact === null ? {} : { contact: quotedScalar(contact) }),
  };
}
