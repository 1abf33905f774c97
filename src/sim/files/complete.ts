/** From what files say to scenarios: every setting is looked for at the scenario, its file's defaults, its network. */
import { createHash } from 'node:crypto';
import type { GivenState } from '../../call/given-state.ts';
import type { Place } from '../../diagnostics/diagnostic.ts';
import type { Expectation, TotalSubject } from '../scenario/matcher.ts';
import type { Scenario, ScenarioCall } from '../scenario/scenario.ts';
import { completeCall, mergeCalls, missingIn, type ParsedCall } from './calls.ts';
import { schemaDefaults } from './defaults.ts';
import { completeEvents, type ParsedEvent } from './events.ts';
import { completeGiven, nothingGiven, type ParsedGiven } from './given.ts';
import { checkTotals } from './impossible.ts';
import type { Networks } from './networks.ts';
import type { Context } from './nodes.ts';
import type { ParsedFile } from './parse-file.ts';
import { type Circumstances, completeGateways, type Settings } from './settings.ts';
import { Sources } from './sources.ts';

/** Most calls of one scenario. */
export const mostCalls = 1_000_000;

interface Draft {
  readonly name: string | null;
  readonly place: Place;
  /** Where to say that something is missing in a call: the table, for all of its rows at once. */
  readonly table: Place | null;
  readonly seed: number | null;
  readonly settings: Settings;
  readonly calls: readonly ParsedCall[];
  readonly events: readonly ParsedEvent[];
  readonly expect: readonly Expectation<TotalSubject>[];
}

export class Completer {
  readonly #context: Context;
  readonly #networks: Networks;
  readonly #sources: Sources;
  readonly #runSeed: number;
  /** What many scenarios have in common they share: it may name thousands of accounts. */
  readonly #given = new Map<string, GivenState>();
  readonly #ids = new Map<ParsedGiven, number>();
  readonly #complained = new Set<Place>();

  constructor(context: Context, networks: Networks, runSeed: number) {
    this.#context = context;
    this.#networks = networks;
    this.#sources = new Sources(context.names.snapshot);
    this.#runSeed = runSeed;
  }

  /** Scenarios first, then the rows of its tables. Those of which something is missing are left out. */
  complete(file: ParsedFile): readonly Scenario[] {
    const scenarios = file.scenarios.map((scenario): Draft => ({ ...scenario, table: null }));
    const rows = file.routes.flatMap(({ name, seed, settings, call, rows }) =>
      rows.map(({ number, place, expect }): Draft => {
        const said = new Set(expect.map(({ subject, of }) => `${subject} ${of}`));
        const others = call.expect.filter(({ subject, of }) => !said.has(`${subject} ${of}`));
        return {
          name: name === null ? null : `${name}: ${number}`,
          place,
          table: call.place,
          seed,
          settings,
          calls: [{ ...call, place, callee: number, expect: [...expect, ...others] }],
          events: [],
          expect: [],
        };
      }),
    );
    return [...scenarios, ...rows].flatMap(draft => this.#scenario(draft, file) ?? []);
  }

  #scenario(draft: Draft, { defaults, incomplete }: ParsedFile): Scenario | null {
    const { settings } = draft;
    const network = settings.network ?? defaults?.settings.network ?? null;
    const layers = [
      settings,
      ...(defaults === null ? [] : [defaults.settings]),
      ...this.#networks.layersOf(network),
    ];
    const startMs = settings.startMs ?? defaults?.settings.startMs ?? schemaDefaults().startMs;
    const given = this.#givenOf(layers);
    const behaviour = completeGateways(layers, given.offline);
    const calls = draft.calls.flatMap(call => {
      const merged = mergeCalls(call, defaults?.call ?? null);
      const missing = missingIn(merged);
      if (missing !== null) {
        if (!incomplete) this.#complain(draft.table ?? call.place, missing);
        return [];
      }
      return completeCall(merged, startMs, this.#sources, this.#context) ?? [];
    });
    const count = this.#countOf(draft, calls);
    checkTotals(draft.expect, count, this.#context);
    if (draft.name === null || calls.length !== draft.calls.length || calls.length === 0) return null;
    return {
      name: draft.name,
      place: draft.place,
      seed: draft.seed ?? seedOf(this.#runSeed, draft.name),
      startMs,
      given,
      ...behaviour,
      calls,
      events: completeEvents(draft.events, behaviour.otherGateways.rules),
      expect: draft.expect,
      virtualOnly: settings.virtualOnly ?? defaults?.settings.virtualOnly ?? null,
    };
  }

  /** Once for each place. */
  #complain(place: Place, { message, hint }: { readonly message: string; readonly hint: string }): void {
    if (this.#complained.has(place)) return;
    this.#complained.add(place);
    this.#context.findings.add('C4706', place, message, { hint });
  }

  #countOf(draft: Draft, calls: readonly ScenarioCall[]): number {
    let count = 0;
    for (const call of calls) {
      count += call.count;
      if (count <= mostCalls) continue;
      const message = `the scenario makes more than ${mostCalls.toLocaleString('en')} calls`;
      this.#context.findings.add('C4708', call.place, message);
      break;
    }
    return draft.calls.length === calls.length ? count : Number.POSITIVE_INFINITY;
  }

  #givenOf(layers: readonly Circumstances[]): GivenState {
    const saying = layers.map(({ given }) => given).filter(given => given !== nothingGiven);
    const key = saying.map(given => this.#idOf(given)).join(' ');
    const known = this.#given.get(key);
    if (known !== undefined) return known;
    const given = completeGiven(this.#context.names.snapshot, saying);
    this.#given.set(key, given);
    return given;
  }

  #idOf(given: ParsedGiven): number {
    const id = this.#ids.get(given) ?? this.#ids.size;
    this.#ids.set(given, id);
    return id;
  }
}

/** 48 bits that follow from the seed of the run and the name, so that scenarios do not move each other's draws. */
export function seedOf(runSeed: number, name: string): number {
  return createHash('sha256').update(`${runSeed} ${name}`).digest().readUIntBE(0, 6);
}
