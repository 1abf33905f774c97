/** The coverage for the summary page of a job. Not a format of its own: it comes with the annotations. */
import { foldedText } from '../../diagnostics/print-markdown.ts';
import { coverageText } from './print-text.ts';
import { type CoverageReport, percentText } from './report.ts';

/** At most `limitBytes` of UTF-8: the percentage alone where there is no room for what it is made of. */
export function coverageMarkdown(report: CoverageReport, limitBytes: number): string {
  const head = `### class4 coverage: ${percentText(report.percent)} %\n`;
  const whole = `${head}\n${foldedText('what is covered, and what is not', coverageText(report))}`;
  return [whole, head].find(text => Buffer.byteLength(text) <= limitBytes) ?? '';
}
