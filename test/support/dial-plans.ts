/** Dial plans and LRN tables by hand. */
import type { DialPlans, LrnTable } from '../../src/config/snapshot.ts';
import type { DialPlan } from '../../src/routing/dial-plan/dial-plan.ts';
import { parseDialPlan } from '../../src/routing/dial-plan/parse.ts';
import { LrnTableBuilder } from '../../src/routing/lrn/lrn-table-builder.ts';

const file = 'plans.yaml';

/** Rules stand on lines 1, 2, … */
export function dialPlan(text: string): DialPlan {
  const written = rulesOfText(text).map((rule, i) => ({
    text: rule,
    source: { file, line: i + 1, column: 1 },
  }));
  const { plan, problems } = parseDialPlan(written);
  if (problems.length > 0) throw new Error(`${text}: ${problems[0]!.message}`);
  return plan;
}

/** What is left out rewrites nothing. */
export function dialPlans(texts: { caller?: string; callee?: string; forwarding?: string }): DialPlans {
  return {
    caller: dialPlan(texts.caller ?? ''),
    callee: dialPlan(texts.callee ?? ''),
    forwarding: dialPlan(texts.forwarding ?? ''),
  };
}

/** Rows as `number lrn state`, a dash for nothing. */
export function lrnTable(...rows: readonly string[]): LrnTable {
  const builder = new LrnTableBuilder();
  for (const [i, row] of rows.entries()) {
    const [number, lrn, state] = row.split(' ').map(field => (field === '-' ? '' : field));
    const problem = builder.add({ number: number!, lrn: lrn ?? '', state: state ?? '', line: i + 1 });
    if (problem !== null) throw new Error(`${row}: ${problem.kind}`);
  }
  return builder.build(0, 'npac', { file: 'lrn/npac.yaml', line: 1, column: 1 }, 'lrn/npac.csv');
}

/** Rules as VOS3000 writes them, separated by commas; none in an empty text. */
export function rulesOfText(text: string): readonly string[] {
  return text === '' ? [] : text.split(',').map(rule => rule.trim());
}
