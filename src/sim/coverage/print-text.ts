/** The coverage for people: a table of kinds, rate tables, and what is uncovered. */
import { coverageKinds } from './kinds.ts';
import { type CoverageReport, type KindCoverage, percentText, type UncoveredElement } from './report.ts';

/** So many uncovered elements of each kind are named. */
const mostShown = 20;
const mostRowsShown = 5;

export function coverageText(report: CoverageReport): string {
  const { kinds, rateTables, uncovered } = report;
  const rows = kinds.map(({ kind, covered, total }) => rowOf(coverageKinds[kind].title, covered, total));
  const tables = rateTables.map(({ table, covered, rows: total }) => rowOf(`  ${table}`, covered, total));
  const hasRows = kinds.some(({ kind }) => kind === 'rateRow');
  const lines = [
    ...aligned([['covered', 'of', 'all', 'percent'], ...rows, ...(hasRows ? tables : [])]),
    '',
    `Coverage: ${percentText(report.percent)} %, the mean of the kinds without the rate rows.`,
  ];
  for (const kind of kinds) lines.push(...uncoveredText(kind, uncovered));
  return `${lines.join('\n')}\n`;
}

function rowOf(title: string, covered: number, total: number): readonly string[] {
  const percent = total === 0 ? '-' : percentText((100 * covered) / total);
  return [String(covered), String(total), title, percent];
}

/** `covered`, `of` and `percent` to the right, what it is to the left, and last. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number) => Math.max(...rows.map(row => row[column]!.length));
  const [covered, total, percent] = [width(0), width(1), width(3)];
  return rows.map(row => {
    const cells = [row[0]!.padStart(covered), row[1]!.padStart(total), row[3]!.padStart(percent)];
    return `${cells.join('  ')}  ${row[2]!}`;
  });
}

function uncoveredText(
  { kind, covered, total }: KindCoverage,
  uncovered: readonly UncoveredElement[],
): string[] {
  const count = total - covered;
  if (count === 0) return [];
  const { title, coveredWhen } = coverageKinds[kind];
  const shown = uncovered
    .filter(one => one.kind === kind)
    .slice(0, kind === 'rateRow' ? mostRowsShown : mostShown)
    .map(({ name, file, line }) => `  ${file}:${line}: ${name}`);
  const more = count - shown.length;
  return [
    '',
    `Uncovered ${title} (${count}): covered when ${coveredWhen}`,
    ...shown,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}
