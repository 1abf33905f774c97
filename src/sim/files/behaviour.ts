/** How a gateway behaves: from the words of a scenario file to the responses that it sends. */
import type { Findings } from '../../config/findings.ts';
import type { Located } from '../../config/read/located.ts';
import type { BehaviourRule, BehaviourStep, CallBehaviour, GatewayBehaviour } from '../scenario/behaviour.ts';
import {
  childOf,
  durationAt,
  durationOrNeverAt,
  has,
  itemsOf,
  numberAt,
  placeOfKey,
  textAt,
} from './nodes.ts';

/** As a file says it; what it leaves open is decided when all of the scenario is known. */
export interface ParsedBehaviour {
  /** The last one need not fit everything. */
  readonly rules: readonly BehaviourRule[];
  /** undefined when nothing is said of OPTIONS. */
  readonly optionsStatus: number | null | undefined;
}

const answersAtOnce: CallBehaviour = {
  reaction: 'script',
  steps: [{ kind: 'answer', afterMs: 0 }],
  hangUpAfterMs: null,
  diesAfterMs: null,
  sendsMedia: true,
  onCancel: 'ends',
};

/** What every gateway does of which nobody says anything. */
export const usualBehaviour: GatewayBehaviour = {
  rules: [{ firstCall: null, lastCall: null, calleePrefix: null, probability: 1, behaviour: answersAtOnce }],
  optionsStatus: 200,
};

export function parseBehaviour(node: Located, findings: Findings): ParsedBehaviour {
  if (Array.isArray(node.value))
    return { rules: parseRules(itemsOf(node), findings), optionsStatus: undefined };
  const options = childOf(node, 'options');
  const optionsStatus =
    options === null ? undefined : options.value === 'none' ? null : (options.value as number);
  const listed = childOf(node, 'rules');
  if (listed === null) {
    // A mapping of options alone says nothing of calls.
    const rules = node.children?.size === 1 && options !== null ? [] : parseRules([node], findings);
    return { rules, optionsStatus };
  }
  const word = [...(node.children?.keys() ?? [])]
    .map(String)
    .find(key => key !== 'rules' && key !== 'options');
  if (word !== undefined) {
    findings.add(
      'C4709',
      placeOfKey(node, word),
      `${word} stands beside rules, which say how calls are taken`,
      {
        hint: 'Write it into the rules that it is for.',
      },
    );
  }
  return { rules: parseRules(itemsOf(listed), findings), optionsStatus };
}

/** What a gateway does when all is known: `others` is what it does where its own rules say nothing. */
export function completeBehaviour(
  { rules, optionsStatus }: ParsedBehaviour,
  others: readonly BehaviourRule[],
  isDown: boolean,
): GatewayBehaviour {
  const all = fitsEverything(rules.at(-1)) ? rules : [...rules, ...others];
  return {
    rules: all,
    optionsStatus: optionsStatus === undefined ? usualOptions(all, isDown) : optionsStatus,
  };
}

/** What is said to OPTIONS by a gateway of which nothing is said. */
export function usualOptions(rules: readonly BehaviourRule[], isDown: boolean): number | null {
  const [first] = rules;
  const isGone = fitsEverything(first) && first!.behaviour.reaction !== 'script';
  return isDown || isGone ? null : 200;
}

function fitsEverything(rule: BehaviourRule | undefined): boolean {
  if (rule === undefined) return false;
  const { firstCall, lastCall, calleePrefix, probability } = rule;
  return (firstCall ?? 1) === 1 && lastCall === null && calleePrefix === null && probability === 1;
}

function parseRules(nodes: readonly Located[], findings: Findings): readonly BehaviourRule[] {
  const rules: BehaviourRule[] = [];
  for (const node of nodes) {
    if (fitsEverything(rules.at(-1))) {
      findings.add('C4709', node.place, 'this rule never counts, because the one before it fits every call');
      break;
    }
    const calls = childOf(node, 'calls');
    const [firstCall, lastCall] = calls === null ? [null, null] : rangeOf(calls, findings);
    rules.push({
      firstCall,
      lastCall,
      calleePrefix: textAt(node, 'callees')?.text ?? null,
      probability: numberAt(node, 'probability') ?? 1,
      behaviour: parseCallBehaviour(node, findings),
    });
  }
  return rules;
}

/** `3`, `1-3` or `4-`. */
function rangeOf(node: Located, findings: Findings): readonly [number, number | null] {
  if (typeof node.value === 'number') return [node.value, node.value];
  const [first = '', last] = String(node.value).split('-');
  if (last === undefined) return [Number(first), Number(first)];
  if (last === '') return [Number(first), null];
  if (Number(last) < Number(first)) findings.add('C4705', node.place, `no call is in ${first}-${last}`);
  return [Number(first), Number(last)];
}

const signalling = [
  'trying',
  'ring',
  'progress',
  'answer',
  'reject',
  'redirect',
  'after',
  'reason',
  'retryAfter',
];

function parseCallBehaviour(node: Located, findings: Findings): CallBehaviour {
  const own = {
    hangUpAfterMs: durationAt(node, 'hangUp', findings),
    diesAfterMs: durationAt(node, 'dies', findings),
    sendsMedia: textAt(node, 'media')?.text !== 'none',
    onCancel: (textAt(node, 'onCancel')?.text ?? 'ends') as CallBehaviour['onCancel'],
  };
  const [whole, ...more] = ['silent', 'unreachable', 'steps'].filter(key => has(node, key));
  const beside = whole === undefined ? undefined : (more[0] ?? signalling.find(key => has(node, key)));
  if (beside !== undefined) {
    findings.add(
      'C4709',
      placeOfKey(node, beside),
      `${beside} stands beside ${whole}, which says all that it sends`,
    );
  }
  const reaction = whole === 'silent' || whole === 'unreachable' ? whole : 'script';
  const script = whole === 'steps' ? parseSteps(node, findings) : wordsToSteps(node, findings);
  const steps = reaction === 'script' ? script : [];
  if (beside === undefined) checkAfterAnswer(node, steps, findings);
  return { reaction, steps, ...own };
}

function checkAfterAnswer(node: Located, steps: readonly BehaviourStep[], findings: Findings): void {
  if (steps.at(-1)?.kind !== 'answer' && textAt(node, 'onCancel')?.text !== 'answers') {
    const vain = ['hangUp', 'dies', 'media'].find(key => has(node, key));
    if (vain === undefined) return;
    findings.add(
      'C4709',
      placeOfKey(node, vain),
      `${vain} is about an answered call, and this gateway never answers`,
    );
  } else if (has(node, 'hangUp') && has(node, 'dies')) {
    findings.add(
      'C4709',
      placeOfKey(node, 'dies'),
      'a gateway hangs up or dies; after either the call is over for it',
    );
  }
}

interface Timed {
  readonly key: string;
  readonly atMs: number;
  readonly step: BehaviourStep;
}

/** RFC 3261, section 17.2.1: 100 Trying is sent unless another response follows within 200 ms. */
const tryingAfterMs = 200;

/** Times count from the INVITE in the words, and from the step before in the steps. */
function wordsToSteps(node: Located, findings: Findings): readonly BehaviourStep[] {
  const final = finalOf(node, findings);
  const before = [
    ...provisional(node, 'trying', 100, false, findings),
    ...provisional(node, 'progress', 183, true, findings),
    ...provisional(node, 'ring', 180, false, findings),
  ];
  const others = before.filter(({ key }) => key !== 'trying');
  const first = Math.min(final?.atMs ?? Number.POSITIVE_INFINITY, ...others.map(({ atMs }) => atMs));
  if (!has(node, 'trying') && first > tryingAfterMs && first !== Number.POSITIVE_INFINITY) {
    before.unshift({
      key: 'trying',
      atMs: 0,
      step: { kind: 'provisional', afterMs: 0, status: 100, sdp: false },
    });
  }
  const late = final === null ? undefined : before.find(({ atMs }) => atMs > final.atMs);
  if (late !== undefined && final !== null) {
    findings.add(
      'C4709',
      placeOfKey(node, late.key),
      `${late.key} comes after the call is over by ${final.key}`,
    );
  }
  const inOrder = before.sort((a, b) => a.atMs - b.atMs);
  const timed = final === null ? inOrder : [...inOrder, final];
  return timed.map(({ step, atMs }, i) => ({
    ...step,
    afterMs: Math.max(0, atMs - (timed[i - 1]?.atMs ?? 0)),
  }));
}

function provisional(
  node: Located,
  key: string,
  status: number,
  sdp: boolean,
  findings: Findings,
): readonly Timed[] {
  const atMs = durationOrNeverAt(node, key, findings);
  if (atMs === undefined || atMs === null) return [];
  return [{ key, atMs, step: { kind: 'provisional', afterMs: 0, status, sdp } }];
}

/** null when the last provisional is all that ever comes. */
function finalOf(node: Located, findings: Findings): Timed | null {
  const [key, other] = ['answer', 'reject', 'redirect'].filter(word => has(node, word));
  if (key !== undefined && other !== undefined) {
    findings.add('C4709', placeOfKey(node, other), `${other} stands beside ${key}, and a call has one end`);
  }
  const stray = [
    ...(key === 'reject' ? [] : ['reason', 'retryAfter']),
    ...(key === 'redirect' || key === 'reject' ? [] : ['after']),
  ];
  const vain = stray.find(word => has(node, word));
  if (vain !== undefined) {
    const words = vain === 'after' ? 'reject and redirect' : 'reject';
    findings.add('C4709', placeOfKey(node, vain), `${vain} belongs to ${words}`);
  }
  const saysNothing = !['trying', 'ring', 'progress'].some(word => has(node, word));
  if (key === 'answer' || (key === undefined && saysNothing)) {
    return {
      key: 'answer',
      atMs: durationAt(node, 'answer', findings) ?? 0,
      step: { kind: 'answer', afterMs: 0 },
    };
  }
  if (key === undefined) return null;
  const step: BehaviourStep = {
    kind: 'fail',
    afterMs: 0,
    status: numberAt(node, 'reject') ?? 302,
    reason: textAt(node, 'reason')?.text ?? null,
    retryAfterSeconds: secondsAt(node, 'retryAfter', findings),
    contact: textAt(node, 'redirect')?.text ?? null,
  };
  return { key, atMs: durationAt(node, 'after', findings) ?? 0, step };
}

/** Retry-After has whole seconds (RFC 3261, section 20.33). */
function secondsAt(node: Located, key: string, findings: Findings): number | null {
  const ms = durationAt(node, key, findings);
  return ms === null ? null : Math.round(ms / 1000);
}

function parseSteps(node: Located, findings: Findings): readonly BehaviourStep[] {
  const steps: BehaviourStep[] = [];
  for (const item of itemsOf(childOf(node, 'steps'))) {
    const last = steps.at(-1);
    if (last !== undefined && last.kind !== 'provisional') {
      findings.add('C4709', item.place, 'nothing comes after the final response before it');
      break;
    }
    const step = parseStep(item, findings);
    if (step !== null) steps.push(step);
  }
  return steps;
}

/** null when the file does not say what is sent, which the schema has reported. */
function parseStep(node: Located, findings: Findings): BehaviourStep | null {
  const status = numberAt(node, 'send');
  if (status === null) return null;
  const stray = [
    ...(status < 200 ? [] : ['sdp']),
    ...(status < 300 ? ['reason', 'retryAfter'] : []),
    ...(status < 300 || status > 399 ? ['contact'] : []),
  ].find(key => has(node, key));
  if (stray !== undefined)
    findings.add('C4709', placeOfKey(node, stray), `${stray} does not go with ${status}`);
  const afterMs = durationAt(node, 'after', findings) ?? 0;
  if (status < 200)
    return { kind: 'provisional', afterMs, status, sdp: childOf(node, 'sdp')?.value === true };
  if (status < 300) return { kind: 'answer', afterMs };
  return {
    kind: 'fail',
    afterMs,
    status,
    reason: textAt(node, 'reason')?.text ?? null,
    retryAfterSeconds: secondsAt(node, 'retryAfter', findings),
    contact: textAt(node, 'contact')?.text ?? null,
  };
}
