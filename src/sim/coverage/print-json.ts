/** The coverage for programs. Fields are only added, unless `format` rises. */
import { coverageKinds } from './kinds.ts';
import { type CoverageReport, percentText } from './report.ts';

export function coverageJson({ percent, kinds, rateTables, uncovered }: CoverageReport): string {
  const shape = {
    format: 1,
    percent: Number(percentText(percent)),
    kinds: kinds.map(({ kind, covered, total }) => {
      const { title, coveredWhen, counts } = coverageKinds[kind];
      const ofKind = Number(percentText((100 * covered) / total));
      return { kind, title, coveredWhen, counts, covered, total, percent: ofKind };
    }),
    rateTables,
    uncovered,
  };
  return `${JSON.stringify(shape, null, 2)}\n`;
}
