/** One scenario file, parsed: what it says, with its names known and its contradictions found. */
import type { CheckedFile } from '../../config/checked-file.ts';
import type { Located } from '../../config/read/located.ts';
import type { Place } from '../../diagnostics/diagnostic.ts';
import type { CallSubject, Expectation, TotalSubject } from '../scenario/matcher.ts';
import { type ParsedCall, parseCall } from './calls.ts';
import { type ParsedEvent, parseEvent } from './events.ts';
import { parseRow, parseTotals } from './expectations.ts';
import type { ParsedNetwork } from './networks.ts';
import { type Context, childOf, has, itemsOf, numberAt, pairsOf, placeOfKey, textAt } from './nodes.ts';
import { parseCircumstances, parseSettings, type Settings } from './settings.ts';

export interface ParsedScenario {
  /** null when the file does not say it. */
  readonly name: string | null;
  readonly place: Place;
  readonly seed: number | null;
  readonly settings: Settings;
  readonly calls: readonly ParsedCall[];
  readonly events: readonly ParsedEvent[];
  readonly expect: readonly Expectation<TotalSubject>[];
}

/** A table of numbers. */
export interface ParsedRoutes {
  readonly name: string | null;
  readonly seed: number | null;
  readonly settings: Settings;
  /** What holds for the call of each row. */
  readonly call: ParsedCall;
  readonly rows: readonly {
    readonly number: string;
    readonly place: Place;
    readonly expect: readonly Expectation<CallSubject>[];
  }[];
}

export interface ParsedFile {
  /** Something was wrong, so what is missing may be there and unreadable. */
  readonly incomplete: boolean;
  readonly defaults: { readonly settings: Settings; readonly call: ParsedCall | null } | null;
  readonly networks: readonly ParsedNetwork[];
  readonly scenarios: readonly ParsedScenario[];
  readonly routes: readonly ParsedRoutes[];
}

export function parseFile({ fields, incomplete }: CheckedFile, context: Context): ParsedFile {
  const { node } = fields;
  if (!incomplete && !['networks', 'scenarios', 'routes'].some(key => has(node, key))) {
    const place = { ...node.place, line: 1, column: 1 };
    context.findings.add('C4714', place, 'the file has neither scenarios nor routes nor networks');
  }
  return {
    incomplete,
    defaults: parseDefaults(childOf(node, 'defaults'), context),
    networks: pairsOf(childOf(node, 'networks')).map(([name, { node: network, keyPlace }]) => ({
      ...parseCircumstances(network, context),
      name,
      place: keyPlace,
      extends: textAt(network, 'extends'),
    })),
    scenarios: itemsOf(childOf(node, 'scenarios')).map(item => parseScenario(item, incomplete, context)),
    routes: itemsOf(childOf(node, 'routes')).map(item => parseRoutes(item, context)),
  };
}

function parseDefaults(node: Located | null, context: Context): ParsedFile['defaults'] {
  if (node === null) return null;
  const call = childOf(node, 'call');
  return {
    settings: parseSettings(node, context),
    call: call === null ? null : parseCall(call, call.place, context),
  };
}

function parseScenario(node: Located, incomplete: boolean, context: Context): ParsedScenario {
  const [call, calls] = [childOf(node, 'call'), childOf(node, 'calls')];
  if (call !== null && calls !== null) {
    const message = 'calls stands beside call, and one of them says which calls there are';
    context.findings.add('C4706', placeOfKey(node, 'calls'), message, {
      hint: 'Move the call of call into calls.',
    });
  } else if (call === null && calls === null && !incomplete) {
    context.findings.add('C4706', node.place, 'the scenario makes no call', { hint: 'Write call or calls.' });
  }
  const listed = [...(call === null ? [] : [call]), ...itemsOf(calls)];
  return {
    name: textAt(node, 'name')?.text ?? null,
    place: node.place,
    seed: numberAt(node, 'seed'),
    settings: parseSettings(node, context),
    calls: listed.map(one => parseCall(one, one.place, context)),
    events: itemsOf(childOf(node, 'events')).flatMap(event => parseEvent(event, incomplete, context) ?? []),
    expect: parseTotals(childOf(node, 'expect'), context),
  };
}

function parseRoutes(node: Located, context: Context): ParsedRoutes {
  return {
    name: textAt(node, 'name')?.text ?? null,
    seed: numberAt(node, 'seed'),
    settings: parseSettings(node, context),
    call: { ...parseCall(node, node.place, context), name: null, atMs: 0 },
    rows: pairsOf(childOf(node, 'table')).map(([number, { node: row, keyPlace }]) => ({
      number,
      place: keyPlace,
      expect: parseRow(row, context),
    })),
  };
}
