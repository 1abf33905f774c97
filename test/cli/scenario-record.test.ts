import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { recordOfReport } from '../../src/cli/cdr-report.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { cdrReport } from '../../src/live/reports.ts';
import { loadScenarios } from '../../src/sim/files/load-scenarios.ts';
import { playScenario } from '../../src/sim/world/play.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { cdr, type TemporaryDirectory } from '../store/records.ts';
import { assertGoldenText } from '../support/golden-text.ts';
import { exampleDirectory, typeIn } from './example-directory.ts';

const test = suite('cli/scenario-record');

async function within(work: (directory: TemporaryDirectory) => Promise<void>): Promise<void> {
  const directory = exampleDirectory();
  try {
    await work(directory);
  } finally {
    rmSync(directory.path, { recursive: true, force: true });
  }
}

const aNumber = [
  '447700900123',
  '--via',
  'brightcall',
  '--caller',
  '12025550100',
  '--at',
  '2026-03-02T10:00:00Z',
];

test('a number becomes a file to review, which passes as it is', () =>
  within(async directory => {
    const { code, out, err } = await typeIn(directory, ['scenario', 'record', ...aNumber]);
    assert.is(code, 0, err);
    assertGoldenText('simulate/recorded-number.txt', out);

    const output = ['--output', 'ci/scenarios/uk.yaml'];
    assert.is((await typeIn(directory, ['scenario', 'record', ...aNumber, ...output])).code, 0);
    assert.is(readFileSync(join(directory.path, 'ci/scenarios/uk.yaml'), 'utf8'), out);
    const inForm = await typeIn(directory, ['fmt', '--check', 'ci/scenarios/uk.yaml']);
    assert.is(inForm.code, 0, inForm.out);
    const played = await typeIn(directory, ['simulate', '--seed', '7']);
    assert.is(played.code, 0, played.out);
    assert.match(played.out, '2 scenarios, 2 calls, 2 passed, 0 failed');
  }));

test('a file that is there stays, unless it is to be replaced', () =>
  within(async directory => {
    const path = join(directory.path, 'mine.yaml');
    writeFileSync(path, 'mine');
    const refused = await typeIn(directory, ['scenario', 'record', ...aNumber, '--output', 'mine.yaml']);
    assert.is(refused.code, 2);
    assert.match(refused.err, 'mine.yaml is there already; --force replaces it');
    assert.is(readFileSync(path, 'utf8'), 'mine');

    assert.is(
      (await typeIn(directory, ['scenario', 'record', ...aNumber, '--output', 'mine.yaml', '--force'])).code,
      0,
    );
    assert.match(readFileSync(path, 'utf8'), '447700900123');
  }));

/** Plays a scenario, and leaves the record of its call in the store as a running switch would. */
async function storeCall(directory: TemporaryDirectory): Promise<string> {
  writeFileSync(
    join(directory.path, 'call.yaml'),
    `scenarios:
  - name: a call
    gateways: { meridian-mobile: { reject: 503, after: 250ms }, northlink: { ring: 1s, answer: 4s, hangUp: 75s } }
    call: { via: brightcall, caller: "12025550100", callee: "447700900123", hangUp: never }
`,
  );
  const { snapshot } = loadConfiguration(directory.path);
  const { scenarios } = loadScenarios(['call.yaml'], directory.path, snapshot!);
  const [call] = playScenario(snapshot!, scenarios[0]!).calls;
  const path = join(directory.path, snapshot!.switch.store.path);
  const store = await SqliteStore.open({ path, sole: true });
  await store.finishCall(call!.record!, []);
  await store.close();
  return call!.callId;
}

test('a call that was made becomes a scenario in which it goes the same way', () =>
  within(async directory => {
    const callId = await storeCall(directory);
    const { code, out, err } = await typeIn(directory, ['scenario', 'record', '--cdr', callId]);
    assert.is(code, 0, err);
    assert.match(out, `# Recorded from the call ${callId}`);
    assert.not.match(out, 'comes otherwise');
    assert.match(out, /tried: \[meridian-mobile, northlink\]/);

    writeFileSync(join(directory.path, 'call.yaml'), out);
    const played = await typeIn(directory, ['simulate', 'call.yaml', '--seed', '7']);
    assert.is(played.code, 0, played.out);
  }));

test('where a recorded call would go otherwise now, the file says how', () =>
  within(async directory => {
    const callId = await storeCall(directory);
    const path = join(directory.path, 'gateways/routing/northlink.yaml');
    writeFileSync(path, `${readFileSync(path, 'utf8').trimEnd()}\nlocked: true\n`);
    const { code, out, err } = await typeIn(directory, ['scenario', 'record', '--cdr', callId]);

    assert.is(code, 0, err);
    assert.match(out, '# Played with the configuration as it is now');
    assert.match(out, /^# {3}gateways tried: meridian-mobile, harborvoice$/m);
  }));

test('what cannot be recorded is said', () =>
  within(async directory => {
    const wrongs: readonly (readonly [args: readonly string[], says: string, code: number])[] = [
      [[], 'either the number that is called, or --cdr', 2],
      [['447700900123', '--cdr', 'x'], 'either the number that is called, or --cdr', 2],
      [['447700900123'], '--via is missing', 2],
      [['447700900123', '--via', 'brightcal'], 'did you mean "brightcall"?', 2],
      [['a b', '--via', 'brightcall'], 'is no number', 2],
      [['--cdr', 'x', '--via', 'brightcall'], '--via says what the record knows', 2],
      [['--cdr', 'x'], 'There is no record of the call x', 1],
    ];
    for (const [args, says, code] of wrongs) {
      const result = await typeIn(directory, ['scenario', 'record', ...args]);
      assert.is(result.code, code, args.join(' '));
      assert.match(result.err, says);
      assert.is(result.out, '');
    }
    assert.not(existsSync(join(directory.path, 'ci/scenarios')));
  }));

test('a record comes back from the shape that operators see', () => {
  const record = cdr('call-1');

  assert.equal(recordOfReport(JSON.parse(JSON.stringify(cdrReport(record)))), record);
});

test.run();
