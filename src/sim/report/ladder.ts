/**
 * A call as a ladder: a lane for the caller, one for the switch and one for each gateway, an arrow for each message,
 * the time in seconds after the INVITE before it. Where the lanes of all gateways find no room, they share one.
 */
import { printable } from '../../diagnostics/printable.ts';
import type { TraceEvent } from '../scenario/played.ts';

export interface LadderOptions {
  /** Columns of the whole ladder. */
  readonly width: number;
  /** Lines of events at most; null is all of them. */
  readonly mostEvents: number | null;
}

const caller = 'caller';
const theSwitch = 'switch';
const shared = 'gateways';
const leastGap = 12;
/** In a gap as wide as this most texts can be read. */
const readableGap = 26;
/** What an arrow needs besides its text: `├─ text ─▶`. */
const arrowWidth = 6;
const laneEnd = 4;

/** A message between lanes, or a remark on one. */
interface Step {
  readonly time: string;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

interface Lanes {
  readonly names: readonly string[];
  /** The columns in which they stand. */
  readonly at: readonly number[];
}

/** Lines without their ends; none for a call of which nothing is known. `beginMs` is when its INVITE came. */
export function ladderLines(
  events: readonly TraceEvent[],
  beginMs: number,
  { width, mostEvents }: LadderOptions,
): readonly string[] {
  const shown = mostEvents === null ? events : events.slice(0, mostEvents);
  if (shown.length === 0) return [];
  const gateways = [...new Set(shown.flatMap(({ from, to }) => [from, to]))].filter(isGateway);
  const times = shown.map(({ atMs }) => timeText(atMs - beginMs));
  const left = Math.max(...times.map(({ length }) => length)) + 2;
  const room = width - left;
  const ownNames = [caller, theSwitch, ...gateways];
  const own = stepsOf(shown, times, ownNames, event => event.text);
  const gaps = gapsFor(own, ownNames);
  const leastWidth = gaps.reduce((sum, gap) => sum + Math.min(gap, readableGap), 0);
  if (leastWidth + lastLaneWidth(own, ownNames) <= room || gateways.length < 2) {
    const lanes = lanesOf(ownNames, gaps, left, room);
    return [...drawn(own, lanes, left, width), ...rest(events, shown, left)];
  }
  const names = [caller, theSwitch, shared];
  const folded = stepsOf(shown.map(foldGateway), times, names, event => event.text);
  const lanes = lanesOf(names, gapsFor(folded, names), left, room);
  return [...drawn(folded, lanes, left, width), ...rest(events, shown, left)];
}

function isGateway(name: string): boolean {
  return name !== caller && name !== theSwitch;
}

/** `0.000`, `61.500` */
function timeText(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** In one lane for all, each message says whose it is. */
function foldGateway(event: TraceEvent): TraceEvent {
  const name = [event.from, event.to].find(isGateway);
  if (name === undefined) return event;
  const place = (of: string): string => (isGateway(of) ? shared : of);
  return { ...event, from: place(event.from), to: place(event.to), text: `${name}: ${event.text}` };
}

function stepsOf(
  events: readonly TraceEvent[],
  times: readonly string[],
  names: readonly string[],
  textOf: (event: TraceEvent) => string,
): readonly Step[] {
  return events.map((event, index) => ({
    time: times[index]!,
    from: names.indexOf(event.from),
    to: names.indexOf(event.to),
    text: printable(textOf(event)),
  }));
}

/** The widths between lanes such that every name and every arrow has room for its text. */
function gapsFor(steps: readonly Step[], names: readonly string[]): readonly number[] {
  const gaps = names.slice(0, -1).map(name => Math.max(leastGap, lengthOf(name) + 2));
  const bySpan = [...steps].sort((a, b) => span(a) - span(b));
  for (const step of bySpan) {
    if (span(step) === 0) continue;
    const [first, last] = [Math.min(step.from, step.to), Math.max(step.from, step.to)];
    const has = gaps.slice(first, last).reduce((sum, gap) => sum + gap, 0);
    const needs = lengthOf(step.text) + arrowWidth;
    if (needs > has) gaps[last - 1] = gaps[last - 1]! + needs - has;
  }
  return gaps;
}

function span({ from, to }: Step): number {
  return Math.abs(from - to);
}

/** A name stands over its lane, and remarks on it stand to its right. */
function lastLaneWidth(steps: readonly Step[], names: readonly string[]): number {
  const last = names.length - 1;
  const remarks = steps
    .filter(step => span(step) === 0 && step.from === last)
    .map(({ text }) => lengthOf(text) + 2);
  return Math.max(laneEnd, lengthOf(names.at(-1)!) + 1, ...remarks);
}

/** Gaps that are too wide together give way where they are widest. */
function lanesOf(names: readonly string[], gaps: readonly number[], left: number, room: number): Lanes {
  const widths = [...gaps];
  const end = Math.max(laneEnd, lengthOf(names.at(-1)!) + 1);
  const total = (): number => widths.reduce((sum, gap) => sum + gap, 0) + end;
  while (total() > room) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= leastGap) break;
    widths[widest] = widths[widest]! - 1;
  }
  let column = left;
  const at = [column];
  for (const gap of widths) {
    column += gap;
    at.push(column);
  }
  return { names, at };
}

function drawn(steps: readonly Step[], lanes: Lanes, left: number, width: number): readonly string[] {
  const head = new Line(width);
  for (const [index, name] of lanes.names.entries()) {
    const next = lanes.at[index + 1] ?? width;
    head.put(lanes.at[index]!, cut(printable(name), next - lanes.at[index]! - 1));
  }
  let last = '';
  const lines = steps.map(step => {
    const line = new Line(width);
    if (step.time !== last) line.put(left - 2 - step.time.length, step.time);
    last = step.time;
    for (const at of lanes.at) line.put(at, '│');
    if (step.from === step.to) remark(line, step, lanes, width);
    else arrow(line, step, lanes);
    return line.text();
  });
  return [head.text(), ...lines];
}

function remark(line: Line, { from, text }: Step, { at }: Lanes, width: number): void {
  const column = at[Math.max(0, from)]!;
  line.put(column, `● ${cut(text, width - column - 2)}`);
}

function arrow(line: Line, { from, to, text }: Step, { at }: Lanes): void {
  const [start, end] = [Math.min(at[from]!, at[to]!), Math.max(at[from]!, at[to]!)];
  const room = end - start - 1;
  const words = ` ${cut(text, room - 4)} `;
  const dashes = '─'.repeat(Math.max(0, room - lengthOf(words) - 2));
  if (from < to) line.put(start, `├─${words}${dashes}▶│`);
  else line.put(start, `│◀${words}${dashes}─┤`);
}

/** What is left out is said. */
function rest(events: readonly TraceEvent[], shown: readonly TraceEvent[], left: number): readonly string[] {
  const more = events.length - shown.length;
  return more === 0 ? [] : [`${' '.repeat(left)}… and ${more} more`];
}

/** A line that is written to at columns. */
class Line {
  readonly #cells: string[];

  constructor(width: number) {
    this.#cells = Array.from({ length: width }, () => ' ');
  }

  put(column: number, text: string): void {
    for (const [index, character] of [...text].entries()) this.#cells[column + index] = character;
  }

  text(): string {
    return this.#cells.join('').trimEnd();
  }
}

function cut(text: string, room: number): string {
  return lengthOf(text) <= room ? text : `${[...text].slice(0, Math.max(0, room - 1)).join('')}…`;
}

function lengthOf(text: string): number {
  return [...text].length;
}
