/** The calls of a scenario: what a file says of them, and what they are when all is known. */
import type { SourceAddress } from '../../call/inputs.ts';
import type { Located } from '../../config/read/located.ts';
import type { Place } from '../../diagnostics/diagnostic.ts';
import type { CallSubject, Expectation } from '../scenario/matcher.ts';
import type { ScenarioCall } from '../scenario/scenario.ts';
import { schemaDefaults } from './defaults.ts';
import { parseDuration } from './durations.ts';
import { parseCallExpectations } from './expectations.ts';
import {
  type Context,
  childOf,
  durationAt,
  durationOrNeverAt,
  msOf,
  numberAt,
  placeOfKey,
  type TextAt,
  textAt,
} from './nodes.ts';
import { parseSource, type Sources } from './sources.ts';

/** undefined is what nobody says. */
export interface ParsedCall {
  readonly place: Place;
  readonly name: string | null;
  readonly via: TextAt | null;
  /** Something is said of where it comes from that is wrong, and told. */
  readonly isLost: boolean;
  readonly from: { readonly source: SourceAddress; readonly place: Place } | null;
  readonly caller: string | undefined;
  /** null for a call to no number. */
  readonly callee: string | null | undefined;
  readonly forwarding: string | undefined;
  readonly timerCapable: boolean | undefined;
  readonly atMs: number | undefined;
  readonly hangUpAfterMs: number | null | undefined;
  readonly cancelAfterMs: number | null | undefined;
  readonly repeat: { readonly count: number; readonly intervalMs: number } | null;
  readonly expect: readonly Expectation<CallSubject>[];
}

/** Also of a table of routes, whose keys are those of a call. */
export function parseCall(node: Located | null, place: Place, context: Context): ParsedCall {
  const { names, findings } = context;
  const call = node ?? { value: {}, place, source: null, quoted: false, children: new Map() };
  const via = textAt(call, 'via');
  const known = via === null || names.find('mapping-gateway', via.text, via.place, findings) !== null;
  const from = textAt(call, 'from');
  const source = parseSource(from, findings);
  const callee = textAt(call, 'callee')?.text;
  const timers = childOf(call, 'timers')?.value;
  return {
    place,
    name: textAt(call, 'name')?.text ?? null,
    via: known ? via : null,
    from: source,
    isLost: !known || (from !== null && source === null),
    caller: textAt(call, 'caller')?.text,
    callee: callee === 'none' ? null : callee,
    forwarding: textAt(call, 'forwarding')?.text,
    timerCapable: timers === undefined ? undefined : timers === true,
    atMs: durationAt(call, 'at', findings) ?? undefined,
    hangUpAfterMs: durationOrNeverAt(call, 'hangUp', findings),
    cancelAfterMs: durationOrNeverAt(call, 'cancel', findings),
    repeat: parseRepeat(childOf(call, 'repeat'), context),
    expect: parseCallExpectations(childOf(call, 'expect'), context),
  };
}

function parseRepeat(node: Located | null, { findings }: Context): ParsedCall['repeat'] {
  const count = node === null ? null : numberAt(node, 'count');
  if (node === null || count === null) return null;
  const [perSecond, every] = [numberAt(node, 'perSecond'), childOf(node, 'every')];
  if (perSecond !== null && every !== null) {
    findings.add(
      'C4711',
      placeOfKey(node, 'every'),
      'every stands beside perSecond, and both say how fast calls come',
    );
  }
  return {
    count,
    intervalMs: every === null ? (perSecond === null ? 0 : 1000 / perSecond) : msOf(every, findings),
  };
}

/** The nearest of `layers` counts, key by key. A source replaces that of an outer layer in either way of saying it. */
export function mergeCalls(own: ParsedCall, outer: ParsedCall | null): ParsedCall {
  if (outer === null) return own;
  const hasSource = own.via !== null || own.from !== null || own.isLost;
  const said = new Set(own.expect.map(({ subject, of }) => `${subject} ${of}`));
  return {
    place: own.place,
    name: own.name,
    via: hasSource ? own.via : outer.via,
    from: hasSource ? own.from : outer.from,
    isLost: hasSource ? own.isLost : outer.isLost,
    caller: own.caller ?? outer.caller,
    callee: own.callee === undefined ? outer.callee : own.callee,
    forwarding: own.forwarding ?? outer.forwarding,
    timerCapable: own.timerCapable ?? outer.timerCapable,
    atMs: own.atMs ?? outer.atMs,
    hangUpAfterMs: own.hangUpAfterMs === undefined ? outer.hangUpAfterMs : own.hangUpAfterMs,
    cancelAfterMs: own.cancelAfterMs === undefined ? outer.cancelAfterMs : own.cancelAfterMs,
    repeat: own.repeat ?? outer.repeat,
    expect: [...own.expect, ...outer.expect.filter(({ subject, of }) => !said.has(`${subject} ${of}`))],
  };
}

/** What a call lacks, in words; null when it has all. A key that is there and wrong is not missing. */
export function missingIn(call: ParsedCall): { readonly message: string; readonly hint: string } | null {
  const message = (key: string) => `the call has no ${key}, and the defaults of the file say none`;
  if (call.callee === undefined) {
    return { message: message('callee'), hint: 'Write callee: the dialled number, in quotes.' };
  }
  if (call.via !== null || call.from !== null || call.isLost) return null;
  const hint = 'Write via: the mapping gateway that the call comes from; or from: an address and port.';
  return { message: message('via'), hint };
}

/** null when it cannot be made, for which there is a finding. */
export function completeCall(
  call: ParsedCall,
  startMs: number,
  sources: Sources,
  context: Context,
): ScenarioCall | null {
  const { callee } = call;
  const caller = call.caller ?? schemaDefaults().caller;
  if (callee === undefined || (call.via === null && call.from === null)) return null;
  const from = sources.of(call, { caller, callee: callee ?? '', startMs }, context.findings);
  if (from === null) return null;
  const usual = schemaDefaults();
  return {
    place: call.place,
    name: call.name,
    via: from.via,
    source: from.source,
    caller,
    callee,
    forwarding: call.forwarding ?? null,
    atMs: call.atMs ?? 0,
    timerCapable: call.timerCapable ?? usual.timers,
    hangUpAfterMs: call.hangUpAfterMs === undefined ? parseDuration(usual.hangUp) : call.hangUpAfterMs,
    cancelAfterMs: call.cancelAfterMs === undefined ? null : call.cancelAfterMs,
    count: call.repeat?.count ?? 1,
    intervalMs: call.repeat?.intervalMs ?? 0,
    expect: call.expect,
  };
}
