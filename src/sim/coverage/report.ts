/** What was covered, as data: per kind and rate table how much, and by name and place what was not. */
import type { ElementVisitor } from './elements.ts';
import { type CoverageKindName, coverageKindNames, coverageKinds } from './kinds.ts';
import type { Parts } from './parts.ts';
import type { RateTableCoverage } from './rate-coverage.ts';

export interface KindCoverage {
  readonly kind: CoverageKindName;
  readonly covered: number;
  /** At least 1: kinds of which the configuration has none are left out. */
  readonly total: number;
}

export interface UncoveredElement {
  readonly kind: CoverageKindName;
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

export interface CoverageReport {
  /** 0–100: the mean over the kinds that count, each with the percentage of its elements that are covered. */
  readonly percent: number;
  readonly kinds: readonly KindCoverage[];
  readonly rateTables: readonly RateTableCoverage[];
  /** By kind, file and line; of each kind at most `mostNamed`. */
  readonly uncovered: readonly UncoveredElement[];
}

/** Nobody reads more, and decks have a million rows. */
export const mostNamed = 1000;

export function reportOf({ elements, prefixes, rates }: Parts): CoverageReport {
  const counts = new Map<CoverageKindName, { covered: number; total: number }>();
  const uncovered = new Map<CoverageKindName, UncoveredElement[]>();
  const count: ElementVisitor = ({ kind, name, source, hits }) => {
    const known = counts.get(kind) ?? { covered: 0, total: 0 };
    counts.set(kind, known);
    known.total++;
    if (hits > 0) known.covered++;
    if (hits > 0) return;
    const named = uncovered.get(kind) ?? [];
    uncovered.set(kind, named);
    if (named.length < mostNamed) named.push({ kind, name, file: source.file, line: source.line });
  };
  elements.visit(count);
  prefixes.visit(count);
  rates.visitRows(count);
  const kinds = coverageKindNames.flatMap(kind => {
    const known = counts.get(kind);
    return known === undefined ? [] : [{ kind, ...known }];
  });
  return {
    percent: percentOfKinds(kinds),
    kinds,
    rateTables: rates.tables(),
    uncovered: kinds.flatMap(({ kind }) => (uncovered.get(kind) ?? []).sort(byPlace)),
  };
}

/** 100 of nothing: a configuration without elements has none that nobody tried. */
function percentOfKinds(kinds: readonly KindCoverage[]): number {
  const counting = kinds.filter(({ kind }) => coverageKinds[kind].counts);
  if (counting.length === 0) return 100;
  const sum = counting.reduce((before, { covered, total }) => before + covered / total, 0);
  return (100 * sum) / counting.length;
}

function byPlace(a: UncoveredElement, b: UncoveredElement): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line;
}

/** Thirds do not add up in binary. */
const tolerance = 1e-9;

/** Whether so much is covered, in percent. */
export function isEnough({ percent }: CoverageReport, minimumPercent: number): boolean {
  return percent >= minimumPercent - tolerance;
}

/** With one decimal, rounded down: only what is whole is 100.0. */
export function percentText(percent: number): string {
  return (Math.floor(percent * 10 + tolerance) / 10).toFixed(1);
}
