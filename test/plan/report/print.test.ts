import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { planJsonPieces } from '../../../src/plan/report/print-json.ts';
import { printPlanMarkdown } from '../../../src/plan/report/print-markdown.ts';
import { printPlanText } from '../../../src/plan/report/print-text.ts';
import { carried, difference, planOf, refused, reportOf, scope } from '../plans.ts';

const test = suite('plan/report/print');

const lost = difference('86', ['unroutable', 'routesLost'], { after: [refused] });
const cheap = difference('44', ['loss', 'vendorRate'], { after: [carried('-0.01')] });
const backup = difference('33', ['unroutable'], { scopes: [scope({ suppositions: [1] })], after: [refused] });

function many(count: number): ReturnType<typeof difference>[] {
  return Array.from({ length: count }, (_, i) =>
    difference(String(10_000 + i), ['reordered'], { before: [carried(`0.${10_000 + i}`)] }),
  );
}

test('the worst is told first, and what needs a supposition last', () => {
  const plan = planOf([difference('1', ['reordered']), backup, cheap, lost], {
    suppositions: [{ down: [] }, { down: ['best'] }],
  });
  const text = printPlanText(reportOf(plan), { colour: false, most: 10 });

  const places = [
    'no longer carried, routes lost',
    'sold at a loss, another price',
    'another order',
    'only while best',
  ];
  assert.equal(
    [...places].sort((a, b) => text.lastIndexOf(a) - text.lastIndexOf(b)),
    places,
  );
  assert.match(text, 'worst losses               44 by acme (−0.01), in EUR for 60 s');
  assert.match(text, 'while best is down         no longer carried: 1 prefix of 1 customer');
});

test('gateways whose order is not known before the call are told as alternatives', () => {
  const [acme] = carried('0.2').attempts;
  const attempts = ['acme', 'bell', 'carol'].map((gateway, i) => ({
    ...acme!,
    ...{ gateway, protect: gateway === 'carol', rank: i < 2 ? 0 : 1 },
  }));
  const plan = planOf([difference('44', ['reordered'], { before: [{ ...carried('0.2'), attempts }] })]);

  const text = printPlanText(reportOf(plan), { colour: false, most: 10 });
  assert.match(text, '- acme or bell, carol (protect)');
});

test('rows are cut for the terminal, and counted', () => {
  const report = reportOf(planOf(many(30)));

  assert.match(printPlanText(report, { colour: false, most: 10 }), '… and 20 more');
  assert.not.match(printPlanText(report, { colour: false, most: null }), '… and');
});

test('nothing of a file steers a terminal or a page', () => {
  const evil = planOf([difference('44', ['reordered'], { before: [carried('0.2', '\u001b[2J<script>')] })]);

  assert.not.match(printPlanText(reportOf(evil), { colour: true, most: 10 }), '\u001b[2J');
  const page = printPlanMarkdown(reportOf(evil), { limitCharacters: 65_536, configuration: '.' });
  assert.not.match(page, '<script>');
});

test('a comment is never longer than it may be, keeps the worst, and says how much is left out', () => {
  const plan = planOf([lost, ...many(3000)]);
  for (const limitCharacters of [3_000, 20_000, 65_536]) {
    const page = printPlanMarkdown(reportOf(plan), { limitCharacters, configuration: 'voice' });

    assert.ok(page.length <= limitCharacters);
    assert.ok(page.length > limitCharacters * 0.9, String(page.length));
    assert.ok(page.startsWith('<!-- class4 plan voice -->\n'));
    assert.match(page, 'no longer carried, routes lost');
    const left = Number(/no room here for ([\d,]+) more/.exec(page)![1]!.replace(',', ''));
    const shown = (page.match(/^ {4}1\d{4} {2}margin/gm) ?? []).length;
    assert.is(left + shown, 3000);
    assert.is(page.split('<details>').length, page.split('</details>').length);
  }
});

test('what fits is told whole', () => {
  const page = printPlanMarkdown(reportOf(planOf([lost])), { limitCharacters: 65_536, configuration: '.' });

  assert.not.match(page, 'no room');
});

test('JSON has the whole plan, and text that a name cannot leave', () => {
  const report = reportOf(planOf([lost, cheap]));
  const { plan, summary, guards, traffic, from } = JSON.parse([...planJsonPieces(report)].join(''));

  assert.equal(plan.differences, JSON.parse(JSON.stringify(report.plan.differences)));
  assert.equal([guards, traffic, from.name], [[], null, 'main']);
  assert.is(summary.losses[0].gateway, 'acme');
});

test('JSON comes in pieces, which no plan is too long for', () => {
  const report = reportOf(planOf([lost, cheap, ...many(20)]));
  const { from, to, summary, guards, allowances, traffic, plan } = report;
  const whole = `${JSON.stringify({ from, to, summary, guards, allowances, traffic, plan }, null, 2)}\n`;

  assert.is([...planJsonPieces(report)].join(''), whole);
  const pieces = [...planJsonPieces(report, 100)];
  assert.ok(pieces.length > 20, String(pieces.length));
  assert.is(pieces.join(''), whole);
});

test('what is cut for the terminal is what the whole text begins with', () => {
  const differences = Array.from({ length: 40 }, (_, i) =>
    difference(String(10_000 + i), ['reordered'], { before: [carried(`0.1${i % 14}`)] }),
  );
  const report = reportOf(planOf(differences));
  const rows = (most: number | null) =>
    printPlanText(report, { colour: false, most })
      .split('\n')
      .flatMap(
        line =>
          /^ +[\d, ]+(?:and \d+ more)? +margin [^ ]+ → [^ ]+/.exec(line)?.[0].replaceAll(/ +/g, ' ') ?? [],
      );

  assert.is(rows(null).length, 12);
  assert.equal(rows(10), rows(null).slice(0, 10));
  assert.match(printPlanText(report, { colour: false, most: 10 }), '… and 12 more');
});

test('a line of the files that made several rows is told once, above them', () => {
  const made = (prefix: string, margin: string, line: number) =>
    difference(prefix, ['vendorRate'], {
      after: [carried(margin)],
      causes: [{ what: 'what acme costs', before: null, after: { file: 'rates/acme.csv', line } }],
    });
  const text = (...differences: ReturnType<typeof made>[]) =>
    printPlanText(reportOf(planOf(differences)), { colour: false, most: 10 });

  assert.match(
    text(made('44', '0.01', 3), made('447', '0.02', 3), made('33', '0.03', 9)),
    [
      '      rates/acme.csv:3 what acme costs',
      '        44   margin 0.20 → 0.01',
      '        447  margin 0.20 → 0.02',
      '      rates/acme.csv:9 what acme costs',
      '        33   margin 0.20 → 0.03\n',
    ].join('\n'),
  );
  assert.match(
    text(made('44', '0.01', 3), made('33', '0.03', 9)),
    '      44  margin 0.20 → 0.01  rates/acme.csv:3\n      33  margin 0.20 → 0.03  rates/acme.csv:9\n',
  );
});

test('callers whose calls become others in the same way are told together', () => {
  const of = (example: string, forwarding: string | null) =>
    difference('44', ['reordered'], { scopes: [scope({ callers: [{ example, forwarding }] })] });
  const text = printPlanText(reportOf(planOf([of('', null), of('49', '33'), of('1'.repeat(33), null)])), {
    colour: false,
    most: 10,
  });

  const callers = 'without a number, such as 49 (forwarded by 33) or such as 111111… of 33 digits';
  assert.match(text, `  1 prefix: another order of gateways; for callers ${callers}\n`);
  assert.is(text.split('another order of gateways; ').length, 2);
});

test('kinds of changes are cut for the terminal, and counted', () => {
  const differences = Array.from({ length: 130 }, (_, i) =>
    difference(String(10_000 + i), ['reordered'], { before: [carried('0.2', `gateway-${i}`)] }),
  );
  const report = reportOf(planOf(differences));

  const text = printPlanText(report, { colour: false, most: 10 });
  assert.match(text, '… and 30 more kinds of changes, for 30 prefixes: --all tells them');
  assert.match(text, 'gateway-99\n');
  assert.not.match(text, 'gateway-100\n');
  assert.match(printPlanText(report, { colour: false, most: null }), 'gateway-129\n');
});

test.run();
