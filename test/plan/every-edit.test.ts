/** Every setting that there is is changed by itself, and the plan of each change is looked at. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { comparePlans } from '../../src/plan/compare-plans.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { printPlanText } from '../../src/plan/report/print-text.ts';
import { summarise } from '../../src/plan/report/summary.ts';
import { namedSymbolsOf } from '../../src/plan/space/symbols.ts';
import { snapshotOf } from '../config/directories.ts';
import { assertGoldenText } from '../support/golden-text.ts';
import { projectDirectory } from '../support/source-files.ts';
import { accountEdits, switchEdits } from './edits/accounts-and-switch.ts';
import { mappingGatewayEdits } from './edits/mapping-gateway.ts';
import type { Edit } from './edits/network.ts';
import { routingGatewayEdits } from './edits/routing-gateway.ts';
import { otherTableEdits, rateTableEdits } from './edits/tables.ts';

const test = suite('plan/every-edit');

const nowMs = Date.parse('2029-06-01T12:00:00Z');

const edits: Readonly<Record<string, readonly Edit[]>> = {
  'routing-gateways': routingGatewayEdits,
  'mapping-gateways': mappingGatewayEdits,
  accounts: accountEdits,
  switch: switchEdits,
  'rate-tables': rateTableEdits,
  'other-tables': otherTableEdits,
};

function planOf(edit: Edit): Plan {
  const [before, after] = [snapshotOf(edit.before), snapshotOf(edit.after)];
  return comparePlans(before, after, { nowMs, symbols: namedSymbolsOf(before, after) });
}

function planText(plan: Plan): string {
  const side = { kind: 'directory', name: '', label: '' } as const;
  const report = {
    from: side,
    to: side,
    plan,
    summary: summarise(plan),
    guards: [],
    allowances: [],
    traffic: null,
  };
  return printPlanText(report, { colour: false, most: 6 }).split('\n').slice(2).join('\n');
}

for (const [name, all] of Object.entries(edits)) {
  test(`what each change of ${name} does is told`, () => {
    const texts = all.map(edit => `== ${edit.title}\n${planText(planOf(edit))}`);

    assertGoldenText(`plan/${name}.txt`, texts.join('\n'));
  });
}

/** What both sides mean alike, each with the reason. */
const withoutMeaning: ReadonlyMap<string, string> = new Map([
  ['destination: United Kingdom', 'It is for people; no call and no record has it.'],
]);

test('every change is named: as a difference for calls, or as a setting with its place', () => {
  const silent = Object.values(edits)
    .flat()
    .filter(edit => {
      const plan = planOf(edit);
      const isNamed = plan.differences.length + plan.settings.length > 0;
      const isMeant = plan.before.hash === plan.after.hash;
      for (const { placeBefore, placeAfter } of plan.settings) assert.ok(placeBefore ?? placeAfter);
      return isMeant ? isNamed : !isNamed;
    });
  const same = Object.values(edits)
    .flat()
    .filter(edit => planOf(edit).before.hash === planOf(edit).after.hash)
    .map(({ title }) => title);

  assert.equal(
    silent.map(({ title }) => title),
    [],
  );
  assert.equal(
    same.filter(title => ![...withoutMeaning.keys()].some(known => title.includes(known))),
    [],
  );
});

test('every difference has a line that made it, in words that are true of all of its numbers', () => {
  for (const edit of Object.values(edits).flat()) {
    for (const { causes, prefix } of planOf(edit).differences) {
      assert.ok(causes.length > 0, `${edit.title}: ${prefix}`);
      for (const { what, before, after } of causes) {
        assert.ok(before ?? after);
        assert.not.match(what, /(?:callee|caller|rate for|LRN for) [+a-z]*\d/);
      }
    }
  }
});

interface Schema {
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** What an edit says anew: its title, and the lines that the files did not have. */
function changedText({ title, before, after }: Edit): string {
  const lines = Object.entries(after).flatMap(([path, text]) => {
    const known = new Set(String(before[path] ?? '').split('\n'));
    return String(text)
      .split('\n')
      .filter(line => !known.has(line));
  });
  return [title, ...lines].join(' ');
}

function keysOf(node: unknown): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  if (Array.isArray(node)) return node.flatMap(keysOf);
  const own = Object.keys((node as Schema).properties ?? {});
  const below = Object.entries(node).filter(([key]) => key !== 'examples' && key !== 'default');
  return [...own, ...below.flatMap(([, value]) => keysOf(value))];
}

test('every key of every schema is in one of these changes', () => {
  const kinds: readonly (readonly [schema: string, edits: readonly Edit[]])[] = [
    ['routing-gateway', routingGatewayEdits],
    ['mapping-gateway', mappingGatewayEdits],
    ['account', accountEdits],
    ['switch', switchEdits],
    ['rate-table', rateTableEdits],
    ...(['calendar', 'number-list', 'lrn-table', 'gateway-group'] as const).map(
      kind => [kind, otherTableEdits] as const,
    ),
  ];
  const missing = kinds.flatMap(([schema, those]) => {
    const said = those.map(changedText).join(' ');
    const keys = new Set(
      keysOf(JSON.parse(readFileSync(join(projectDirectory, `schemas/${schema}.schema.json`), 'utf8'))),
    );
    return [...keys].filter(key => !new RegExp(`\\b${key}\\b`).test(said)).map(key => `${schema} ${key}`);
  });

  assert.equal(missing, []);
});

test.run();
