import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TemporaryDirectory } from '../store/records.ts';
import { type CommandResult, exampleDirectory, typeIn } from './example-directory.ts';

const test = suite('cli/simulate-coverage');

const scenario = `scenarios:
  - name: UK mobile is carried by the specialist
    call:
      via: brightcall
      caller: "12025550100"
      callee: "447700900123"
      hangUp: 62s
      expect: { tried: [meridian-mobile] }
`;

async function play(
  args: readonly string[],
  work: (result: CommandResult, directory: TemporaryDirectory) => void = () => {},
  text: string = scenario,
): Promise<CommandResult> {
  const directory = exampleDirectory();
  try {
    mkdirSync(join(directory.path, 'ci/scenarios'), { recursive: true });
    writeFileSync(join(directory.path, 'ci/scenarios/uk.yaml'), text);
    const result = await typeIn(directory, ['simulate', '--seed', '7', ...args]);
    work(result, directory);
    return result;
  } finally {
    rmSync(directory.path, { recursive: true, force: true });
  }
}

test('nothing is said of coverage unless it is asked for', async () => {
  const { out } = await play([]);
  assert.not.match(out, 'overage');
});

test('--coverage tells behind the report what was exercised, and what was not with its line', async () => {
  const { code, out, err } = await play(['--coverage']);
  assert.is(code, 0);
  assert.is(err, '');
  assert.match(out, /1 scenario, 1 call, 1 passed, 0 failed\n\ncovered +of +percent +all\n/);
  assert.match(out, / 1 +2 +50\.0 {2}mapping gateways\n/);
  assert.match(out, 'gateways/mapping/globetalk.yaml:3: globetalk\n');
});

test('a report for programs keeps standard output to itself', async () => {
  const { code, out, err } = await play(['--coverage', '--format', 'json']);
  assert.is(code, 0);
  assert.not.throws(() => JSON.parse(out));
  assert.match(err, 'Coverage: ');
});

test('JSON and tracefiles go into a file, and the screen has the percentage', async () => {
  await play(
    ['--coverage-format', 'lcov', '--coverage-output', 'coverage.info'],
    ({ code, out }, directory) => {
      assert.is(code, 0);
      assert.match(out, /\nCoverage: \d+\.\d %\n$/);
      const text = readFileSync(join(directory.path, 'coverage.info'), 'utf8');
      assert.match(text, 'SF:gateways/routing/meridian-mobile.yaml\n');
      for (const [, file] of text.matchAll(/^SF:(.*)$/gm)) {
        assert.ok(existsSync(join(directory.path, file!)), file);
      }
    },
  );
});

test('places are told from where the command runs', async () => {
  const directory = exampleDirectory();
  try {
    mkdirSync(join(directory.path, 'ci/scenarios'), { recursive: true });
    writeFileSync(join(directory.path, 'ci/scenarios/uk.yaml'), scenario);
    const above = { ...directory, path: dirname(directory.path) };
    const name = basename(directory.path);
    const { out } = await typeIn(above, ['simulate', '--config', name, '--coverage']);
    assert.match(out, `\n  ${name}/gateways/mapping/globetalk.yaml:3: globetalk\n`);
  } finally {
    rmSync(directory.path, { recursive: true, force: true });
  }
});

test('every line of the tracefile is a line of its file', async () => {
  await play(['--coverage-format', 'lcov', '--coverage-output', 'coverage.info'], (_result, directory) => {
    const text = readFileSync(join(directory.path, 'coverage.info'), 'utf8');
    for (const record of text.split('end_of_record\n').slice(0, -1)) {
      const file = /^SF:(.*)$/m.exec(record)![1]!;
      const lines = readFileSync(join(directory.path, file), 'utf8').split('\n');
      for (const [, line] of record.matchAll(/^DA:(\d+),/gm)) {
        assert.is.not(lines[Number(line) - 1]?.trim() ?? '', '', `${file}:${line}`);
      }
    }
  });
});

test('--min-coverage alone makes coverage matter: exit code 1 below it, and 0 at it', async () => {
  const below = await play(['--min-coverage', '90']);
  assert.is(below.code, 1);
  assert.match(below.err, /coverage is \d+\.\d %, less than the 90 % of --min-coverage\n/);
  assert.is((await play(['--min-coverage', '0.5'])).code, 0);
});

test('a failed expectation is told with the coverage, and stays a failure', async () => {
  const wrong = scenario.replace('[meridian-mobile]', '[northlink]');
  const { code, out } = await play(['--min-coverage', '1'], () => {}, wrong);
  assert.is(code, 1);
  assert.match(out, 'Coverage: ');
});

test('what was not played has no coverage', async () => {
  const { code, out, err } = await play(['--min-coverage', '1'], () => {}, 'scenarios: 5\n');
  assert.is(code, 2);
  assert.not.match(`${out}${err}`, 'overage');
});

for (const [args, message] of [
  [['--min-coverage', '101'], '--min-coverage must be a percentage from 0 to 100, not "101"'],
  [['--min-coverage', 'all'], '--min-coverage must be a percentage from 0 to 100, not "all"'],
  [['--coverage-format', 'html'], 'there is no coverage format "html": use text, json, lcov'],
  [['--coverage-format', 'json'], 'say with --coverage-output where it goes'],
  [['--coverage-output', ''], 'the name of the coverage file is empty text'],
] as const) {
  test(`${args.join(' ')} is a mistake of the command line`, async () => {
    const { code, err } = await play(args);
    assert.is(code, 2);
    assert.match(err, message);
  });
}

test.run();
