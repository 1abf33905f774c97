/**
 * The coverage as an lcov tracefile (geninfo(1), "FILES"), which genhtml and review tools read: each line that holds
 * elements is a line, and each element of a line that holds several is a branch of it.
 */
import type { Coverage } from './coverage.ts';

interface FileHits {
  /** Of each element, in the order in which they were visited. */
  readonly lines: number[];
  readonly hits: number[];
}

/** `path` turns a file of the configuration into the path that stands in the tracefile. */
export function coverageLcov(
  coverage: Pick<Coverage, 'visit'>,
  path: (file: string) => string = file => file,
): string {
  const files = new Map<string, FileHits>();
  coverage.visit(({ source: { file, line }, hits }) => {
    const known = files.get(file) ?? { lines: [], hits: [] };
    files.set(file, known);
    known.lines.push(line);
    known.hits.push(hits);
  });
  const names = [...files.keys()].sort();
  return names.map(file => recordOf(path(file), files.get(file)!)).join('');
}

function recordOf(path: string, { lines, hits }: FileHits): string {
  // Sorting is stable, so the branches of a line keep their order from run to run.
  const order = lines.map((_line, place) => place).sort((a, b) => lines[a]! - lines[b]!);
  const branches: string[] = [];
  const counts: string[] = [];
  let branchesHit = 0;
  let linesHit = 0;
  for (let first = 0, end = 0; first < order.length; first = end) {
    const line = lines[order[first]!]!;
    end = first + 1;
    while (end < order.length && lines[order[end]!] === line) end++;
    const ofLine = order.slice(first, end).map(place => hits[place]!);
    const sum = ofLine.reduce((before, count) => before + count, 0);
    counts.push(`DA:${line},${sum}\n`);
    if (sum > 0) linesHit++;
    if (ofLine.length === 1) continue;
    for (const [branch, count] of ofLine.entries()) {
      branches.push(`BRDA:${line},0,${branch},${sum === 0 ? '-' : count}\n`);
      if (count > 0) branchesHit++;
    }
  }
  const branchTotals = branches.length === 0 ? '' : `BRF:${branches.length}\nBRH:${branchesHit}\n`;
  const totals = `LF:${counts.length}\nLH:${linesHit}\n`;
  return `TN:\nSF:${path}\n${branches.join('')}${branchTotals}${counts.join('')}${totals}end_of_record\n`;
}
