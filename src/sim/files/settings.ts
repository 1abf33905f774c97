/** Circumstances of a scenario, as the scenario, the defaults of its file, or a network says them. */

import type { Findings } from '../../config/findings.ts';
import { parseTime } from '../../config/parse/time.ts';
import { hinted, notATime } from '../../config/parse/values.ts';
import type { Located } from '../../config/read/located.ts';
import { timeHint } from '../../config/schema/value-hints.ts';
import type { GatewayBehaviour } from '../scenario/behaviour.ts';
import { completeBehaviour, type ParsedBehaviour, parseBehaviour, usualBehaviour } from './behaviour.ts';
import { type ParsedGiven, parseGiven } from './given.ts';
import { type Context, childOf, pairsOf, type TextAt, textAt } from './nodes.ts';

export interface Circumstances {
  readonly given: ParsedGiven;
  /** By gateway; "*" is every other one. */
  readonly gateways: ReadonlyMap<string, ParsedBehaviour>;
}

export interface Settings extends Circumstances {
  readonly startMs: number | null;
  readonly network: TextAt | null;
  readonly virtualOnly: string | null;
}

export const otherGateways = '*';

export function parseSettings(node: Located, context: Context): Settings {
  return {
    ...parseCircumstances(node, context),
    startMs: parseStart(textAt(node, 'at'), context.findings),
    network: textAt(node, 'network'),
    virtualOnly: textAt(node, 'virtualOnly')?.text ?? null,
  };
}

function parseStart(written: TextAt | null, findings: Findings): number | null {
  if (written === null) return null;
  const ms = parseTime(written.text);
  if (ms === null) {
    findings.add('C4204', written.place, notATime('at', written.text), hinted(timeHint(written.text)));
  }
  return ms;
}

export function parseCircumstances(node: Located, context: Context): Circumstances {
  return { given: parseGiven(childOf(node, 'given'), context), gateways: parseGateways(node, context) };
}

function parseGateways(node: Located, { names, findings }: Context): ReadonlyMap<string, ParsedBehaviour> {
  const gateways = new Map<string, ParsedBehaviour>();
  for (const [name, child] of pairsOf(childOf(node, 'gateways'))) {
    const isKnown =
      name === otherGateways || names.find('routing-gateway', name, child.keyPlace, findings) !== null;
    const behaviour = parseBehaviour(child.node, findings);
    if (isKnown) gateways.set(name, behaviour);
  }
  return gateways;
}

export interface CompleteGateways {
  readonly gateways: ReadonlyMap<string, GatewayBehaviour>;
  readonly otherGateways: GatewayBehaviour;
}

/** Gateway by gateway the first of `layers` that says something counts. Those that are down stay so. */
export function completeGateways(
  layers: readonly Circumstances[],
  offline: ReadonlySet<string>,
): CompleteGateways {
  const merged = new Map([...layers].reverse().flatMap(({ gateways }) => [...gateways]));
  const written = merged.get(otherGateways);
  const others =
    written === undefined ? usualBehaviour : completeBehaviour(written, usualBehaviour.rules, false);
  merged.delete(otherGateways);
  const unsaid: ParsedBehaviour = { rules: [], optionsStatus: written?.optionsStatus };
  for (const name of offline) if (!merged.has(name)) merged.set(name, unsaid);
  const gateways = new Map(
    [...merged].map(([name, behaviour]) => [
      name,
      completeBehaviour(behaviour, others.rules, offline.has(name)),
    ]),
  );
  return { gateways, otherGateways: others };
}
