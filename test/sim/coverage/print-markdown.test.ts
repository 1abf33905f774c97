import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { coverageMarkdown } from '../../../src/sim/coverage/print-markdown.ts';
import { coverageText } from '../../../src/sim/coverage/print-text.ts';
import type { CoverageReport } from '../../../src/sim/coverage/report.ts';

const test = suite('sim/coverage/print-markdown');

const report: CoverageReport = {
  percent: 50,
  kinds: [{ kind: 'mappingGateway', covered: 1, total: 2 }],
  rateTables: [],
  uncovered: [{ kind: 'mappingGateway', name: '<b>&', file: 'gateways/mapping/b.yaml', line: 2 }],
};

test('the summary has the percentage, and the text of it as it is', () => {
  const text = coverageMarkdown(report, 10_000);

  assert.ok(text.startsWith('### class4 coverage: 50.0 %\n\n<details>'), text);
  assert.match(text, 'gateways/mapping/b.yaml:2: &#60;b&#62;&#38;\n');
  const shown = /<pre>\n([\s\S]*)<\/pre>/.exec(text)![1]!;
  const read = shown.replace(/&#(\d+);/g, (_whole, code: string) => String.fromCharCode(Number(code)));
  assert.is(read, coverageText(report));
});

test('where there is no room it has the percentage alone, or nothing', () => {
  assert.is(coverageMarkdown(report, 40), '### class4 coverage: 50.0 %\n');
  assert.is(coverageMarkdown(report, 10), '');
});

test.run();
