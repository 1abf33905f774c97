/** A plan for programs. docs/plan.md has the shape, which is stable. */
import type { PlanReport } from './report.ts';

export function printPlanJson(report: PlanReport): string {
  const { from, to, summary, guards, allowances, traffic, plan } = report;
  return `${JSON.stringify({ from, to, summary, guards, allowances, traffic, plan }, null, 2)}\n`;
}
