/** Writes scenarios as a file that a person reviews; `loadScenarios` reads the same from it. */
import type { Snapshot } from '../../config/snapshot.ts';
import type { ConfigurationChange } from '../scenario/configuration-change.ts';
import type { Scenario, ScenarioCall, ScenarioEvent } from '../scenario/scenario.ts';
import { completeBehaviour, usualBehaviour } from './behaviour.ts';
import { schemaDefaults } from './defaults.ts';
import { durationText, parseDuration } from './durations.ts';
import { plenty } from './given.ts';
import { amountText } from './matchers.ts';
import { otherGateways } from './settings.ts';
import { Sources, sourceText } from './sources.ts';
import { behaviourTree, decimalText } from './write-behaviour.ts';
import { callExpectationsTree, totalsTree } from './write-expectations.ts';
import { itemBlock, quotedScalar, textScalar, type YamlTree } from './yaml-text.ts';

type Keys = Readonly<Record<string, YamlTree | undefined>>;

/** The whole file. Of a snapshot it says nothing that is so without saying. `comments` stand above, without `#`. */
export function scenarioYaml(
  scenarios: Scenario | readonly Scenario[],
  snapshot: Snapshot,
  comments: readonly string[] = [],
): string {
  const listed = 'name' in scenarios ? [scenarios] : scenarios;
  const sources = new Sources(snapshot);
  const above = comments.map(comment => `# ${comment}`.trimEnd());
  const items = listed.flatMap(scenario => itemBlock(scenarioTree(scenario, sources), 2));
  return `${[...above, 'scenarios:', ...items].join('\n')}\n`;
}

function scenarioTree(scenario: Scenario, sources: Sources): YamlTree {
  const { name, startMs, seed, calls, events, expect, virtualOnly } = scenario;
  const trees = calls.map(call => callTree(call, startMs, sources));
  return keys({
    name: textScalar(name),
    at: new Date(startMs).toISOString().replace('.000Z', 'Z'),
    seed: String(seed),
    given: givenTree(scenario),
    gateways: gatewaysTree(scenario),
    ...(trees.length === 1 ? { call: trees[0] } : { calls: trees }),
    events: events.length === 0 ? undefined : events.map(eventTree),
    expect: totalsTree(expect),
    virtualOnly: virtualOnly === null ? undefined : textScalar(virtualOnly),
  });
}

function givenTree({ given }: Scenario): YamlTree | undefined {
  const balances = [...given.balances].filter(([, balance]) => balance !== plenty);
  return orNothing(
    keys({
      balances: pairs(balances, amountText),
      lines: pairs(given.routingLines, String),
      mappingLines: pairs(given.mappingLines, String),
      accountLines: pairs(given.accountLines, String),
      carried: pairs(given.carried, String),
      down: given.offline.size === 0 ? undefined : [...given.offline].map(textScalar),
      asr: pairs(given.asr, asPercent),
    }),
  );
}

/** The percentage of which `ratio` is the hundredth part. */
function asPercent(ratio: number): string {
  const near = Math.round(ratio * 1e12) / 1e10;
  return decimalText(near / 100 === ratio ? near : ratio * 100);
}

function gatewaysTree({ gateways, otherGateways: others, given }: Scenario): YamlTree | undefined {
  const usual = JSON.stringify(usualBehaviour);
  const isUsual = JSON.stringify(others) === usual;
  const star = isUsual ? undefined : behaviourTree(others, false);
  const starOptions = hasOptions(star) ? others.optionsStatus : undefined;
  const unsaid = completeBehaviour({ rules: [], optionsStatus: starOptions }, others.rules, true);
  const named = [...gateways].filter(
    ([name, behaviour]) => !given.offline.has(name) || JSON.stringify(behaviour) !== JSON.stringify(unsaid),
  );
  const trees = named.map(
    ([name, behaviour]) => [name, behaviourTree(behaviour, given.offline.has(name))] as const,
  );
  return orNothing(keys({ ...Object.fromEntries(trees), [otherGateways]: star }));
}

function hasOptions(tree: YamlTree | undefined): boolean {
  return typeof tree === 'object' && 'options' in tree;
}

function callTree(call: ScenarioCall, startMs: number, sources: Sources): YamlTree {
  const {
    name,
    via,
    source,
    caller,
    callee,
    forwarding,
    atMs,
    timerCapable,
    cancelAfterMs,
    count,
    intervalMs,
  } = call;
  const usual = via === null ? null : sources.usual(via, { caller, callee: callee ?? '', startMs });
  const isUsual = usual !== null && sourceText(usual) === sourceText(source);
  const repeat = { count: String(count), ...(intervalMs === 0 ? {} : rateKeys(intervalMs)) };
  const hangUpMs = call.hangUpAfterMs;
  return keys({
    name: name === null ? undefined : textScalar(name),
    via: via === null ? undefined : textScalar(via),
    from: isUsual ? undefined : quotedScalar(sourceText(source)),
    caller: caller === '' ? undefined : quotedScalar(caller),
    callee: callee === null ? 'none' : quotedScalar(callee),
    forwarding: forwarding === null ? undefined : quotedScalar(forwarding),
    timers: timerCapable ? undefined : 'false',
    at: atMs === 0 ? undefined : durationText(atMs),
    hangUp:
      hangUpMs === null
        ? 'never'
        : hangUpMs === parseDuration(schemaDefaults().hangUp)
          ? undefined
          : durationText(hangUpMs),
    cancel: cancelAfterMs === null ? undefined : durationText(cancelAfterMs),
    repeat: count === 1 && intervalMs === 0 ? undefined : repeat,
    expect: callExpectationsTree(call.expect),
  });
}

function rateKeys(intervalMs: number): Readonly<Record<string, string>> {
  const perSecond = Math.round(1e9 / intervalMs) / 1e6;
  return 1000 / perSecond === intervalMs
    ? { perSecond: decimalText(perSecond) }
    : { every: `${decimalText(intervalMs)}ms` };
}

function eventTree(event: ScenarioEvent): YamlTree {
  const at = durationText(event.atMs);
  switch (event.kind) {
    case 'payment':
      return { at, payment: { account: textScalar(event.account), amount: amountText(event.amount) } };
    case 'behaviour':
      return { at, gateway: textScalar(event.gateway), behaves: behaviourTree(event.behaviour, false) };
    case 'reload':
      return { at, reload: changeTree(event.change) };
    case 'clockStep': {
      const key = event.stepMs < 0 ? 'clockBack' : 'clockAhead';
      return { at, [key]: durationText(Math.abs(event.stepMs)) };
    }
    default:
      return { at, [event.kind]: 'true' };
  }
}

function changeTree({ without, lines, mappingLines, pricePercent }: ConfigurationChange): YamlTree {
  return keys({
    without: without.length === 0 ? undefined : without.map(textScalar),
    lines: pairs(lines, String),
    mappingLines: pairs(mappingLines, String),
    prices: pricePercent === 100 ? undefined : String(pricePercent),
  });
}

function pairs<T>(entries: Iterable<readonly [string, T]>, text: (value: T) => string): YamlTree | undefined {
  return orNothing(Object.fromEntries([...entries].map(([name, value]) => [name, text(value)])));
}

function keys(tree: Keys): Readonly<Record<string, YamlTree>> {
  const said = Object.entries(tree).filter((entry): entry is [string, YamlTree] => entry[1] !== undefined);
  return Object.fromEntries(said);
}

function orNothing(tree: Readonly<Record<string, YamlTree>>): YamlTree | undefined {
  return Object.keys(tree).length === 0 ? undefined : tree;
}
