import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCommandLine } from '../../src/cli/cli.ts';
import type { TemporaryDirectory } from '../store/records.ts';
import { assertFits, assertGoldenText } from '../support/golden-text.ts';
import { readJunit } from '../support/junit.ts';
import { readSource } from '../support/source-files.ts';
import { type CommandResult, exampleDirectory, typeIn } from './example-directory.ts';

const test = suite('cli/simulate');

const good = `defaults:
  call: { via: brightcall, caller: "12025550100" }
scenarios:
  - name: UK mobile is carried by the specialist
    call:
      callee: "447700900123"
      hangUp: 62s
      expect:
        tried: [meridian-mobile]
        talk: 62s
        customer: { amount: 1.4304, billedSeconds: 120 }
`;

const wrong = `scenarios:
  - name: UK mobile falls over to the next vendor
    gateways:
      meridian-mobile: { reject: 503, after: 200ms, retryAfter: 120s }
      northlink: { ring: 1s, answer: 4s }
    call:
      via: brightcall
      caller: "12025550100"
      callee: "447700900123"
      hangUp: 62s
      expect:
        tried: [meridian-mobile, harborvoice]
        postDialDelay: 1s
`;

async function within(
  files: Readonly<Record<string, string>>,
  work: (directory: TemporaryDirectory) => Promise<void>,
): Promise<void> {
  const directory = exampleDirectory();
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory.path, path)), { recursive: true });
      writeFileSync(join(directory.path, path), text);
    }
    await work(directory);
  } finally {
    rmSync(directory.path, { recursive: true, force: true });
  }
}

function type(directory: TemporaryDirectory, ...args: string[]): Promise<CommandResult> {
  return typeIn(directory, ['simulate', ...args]);
}

test('scenarios that come as expected are a line for each file, with the seed first', () =>
  within({ 'ci/scenarios/uk.yaml': good }, async directory => {
    assert.equal(await type(directory, '--seed', '7'), {
      code: 0,
      out: 'seed 7\nci/scenarios/uk.yaml  1 scenario, 1 call\n1 scenario, 1 call, 1 passed, 0 failed\n',
      err: '',
    });
  }));

test('what differs is shown with the ladder of the call and the lines that decided', () =>
  within({ 'ci/scenarios/uk.yaml': wrong }, async directory => {
    const { code, out, err } = await type(directory, '--seed', '7');

    assert.is(code, 1);
    assert.is(err, '');
    assertGoldenText('simulate/example.txt', out);
    assertFits(out.replace(/^ *→ .*$/gm, ''));
  }));

test('--verbose tells the whole decision', () =>
  within({ 'ci/scenarios/uk.yaml': wrong }, async directory => {
    const { code, out } = await type(directory, '--seed', '7', '--verbose');

    assert.is(code, 1);
    assert.match(out, 'balance 1000000.00 USD');
    assert.match(out, /The search ended: /);
  }));

test('the command at the end of a story plays it again', () =>
  within({ "ci/scenarios/o'neill.yaml": wrong }, async directory => {
    const { out } = await type(directory, '--seed', '7');

    const again = `class4 simulate 'ci/scenarios/o'\\''neill.yaml' --filter 'UK mobile falls over to the next vendor' --seed 7`;
    assert.ok(out.includes(`→ ${again}\n`));
    const second = await type(
      directory,
      "ci/scenarios/o'neill.yaml",
      '--filter',
      'uk MOBILE falls',
      '--seed',
      '7',
    );
    assert.is(second.out, out);
  }));

test('without --seed chance is new each time, and the seed is told', () =>
  within({ 'ci/scenarios/uk.yaml': good }, async directory => {
    const seeds = new Set<string>();
    for (let time = 0; time < 4; time++) seeds.add((await type(directory)).out.split('\n')[0]!);

    assert.is(seeds.size, 4);
    for (const seed of seeds) assert.match(seed, /^seed \d+$/);
  }));

test('a seed repeats everything that chance decides', async () => {
  const chancy = `scenarios:
  - name: Some are silent
    gateways: { "*": [ { probability: 0.5, reject: 486 }, { answer: 1s } ] }
    call: { via: brightcall, callee: "4477009001xx", hangUp: 9s, repeat: { count: 100, perSecond: 50 } }
    expect: { answered: 1 }
`;
  await within({ 'ci/scenarios/chance.yaml': chancy }, async directory => {
    const first = await type(directory, '--seed', '1');
    const again = await type(directory, '--seed', '1');
    const other = await type(directory, '--seed', '2');

    assert.is(first.code, 1);
    assert.is(first.out, again.out);
    assert.is.not(first.out.replace('seed 1', 'seed 2'), other.out);
  });
});

test('a configuration with errors is told in the format that was asked for, and nothing is played', () =>
  within({ 'ci/scenarios/uk.yaml': good, 'switch.yaml': 'nmae: x\n' }, async directory => {
    for (const [format, start] of [
      ['text', 'seed 7\n'],
      ['json', '{\n  "diagnostics": ['],
      ['junit', '<?xml '],
      ['github', '::error '],
      ['tap', 'TAP version 14\n# '],
    ] as const) {
      const { code, out, err } = await type(directory, '--seed', '7', '--format', format);
      assert.is(code, 2, format);
      assert.ok(out.startsWith(start), `${format}: ${out}`);
      assert.match(out, 'C4201');
      assert.match(err, 'class4 simulate: the configuration has errors, so nothing was played');
      assert.not.match(out + err, / at .*\.js:\d+/);
    }
  }));

test('a scenario that names what does not exist stops the run, at its line', () =>
  within(
    { 'ci/scenarios/uk.yaml': good.replace('[meridian-mobile]', '[meridian-mobil]') },
    async directory => {
      const { code, out, err } = await type(directory, '--seed', '7');

      assert.is(code, 2);
      assert.match(out, 'ci/scenarios/uk.yaml:9:');
      assert.match(out, 'meridian-mobile');
      assert.match(err, 'the scenarios have errors');
    },
  ));

test('who has no scenarios yet is told how to write the first one', () =>
  within({}, async directory => {
    const { code, err } = await type(directory);

    assert.is(code, 2);
    assert.match(err, 'there is nothing to play\n  → write the first one with `class4 scenario record');
  }));

test('a path that is not there is said', () =>
  within({ 'ci/scenarios/uk.yaml': good }, async directory => {
    const { code, out } = await type(directory, 'ci/scenarios/us.yaml');

    assert.is(code, 2);
    assert.match(out, 'cannot read ci/scenarios/us.yaml');
  }));

test('a filter that leaves nothing, a seed that is none and a format that is none are said', () =>
  within({ 'ci/scenarios/uk.yaml': good }, async directory => {
    const wrongs = [
      ['--filter', 'nowhere'],
      ['--seed', '281474976710656'],
      ['--format', 'sarif'],
    ];
    for (const args of wrongs) {
      const { code, err } = await type(directory, ...args);
      assert.is(code, 2);
      assert.match(err, `class4 simulate: `);
      assert.match(err, args[1]!);
    }
  }));

test('paths begin where the command is typed, and those of the report can be opened from there', async () => {
  await within({ 'net/x': '', 'scenarios/uk.yaml': wrong }, async directory => {
    const config = directory.path;
    const io = { out: '', err: '' };
    const code = await runCommandLine(['simulate', 'uk.yaml', '--config', '..', '--seed', '7'], {
      out: text => {
        io.out += text;
      },
      err: text => {
        io.err += text;
      },
      colour: false,
      env: {},
      workingDirectory: join(config, 'scenarios'),
    });

    assert.is(code, 1, io.err);
    assert.match(io.out, `${config}/scenarios/uk.yaml:12:`);
    assert.match(io.out, ` --config ${config}/ --filter `);
  });
});

test('--output has the report, and the screen the text', () =>
  within({ 'ci/scenarios/uk.yaml': wrong }, async directory => {
    const path = join(directory.path, 'report.xml');
    const { code, out } = await type(directory, '--format', 'junit', '--output', 'report.xml', '--seed', '7');

    assert.is(code, 1);
    assert.match(readFileSync(path, 'utf8'), '<testsuites name="class4 simulate" tests="1" failures="1"');
    assert.is(out, (await type(directory, '--seed', '7')).out);
    const text = await type(directory, '--output', 'report.txt', '--seed', '7');
    assert.is(readFileSync(join(directory.path, 'report.txt'), 'utf8'), text.out);
  }));

test('--junit writes that report beside any other, also when nothing could be played', async () => {
  for (const [text, failures] of [
    [good, 0],
    [wrong, 1],
    ['scenarios: 5\n', 1],
  ] as const) {
    await within({ 'ci/scenarios/uk.yaml': text }, async directory => {
      const both = await type(directory, '--format', 'github', '--junit', 'tests.xml', '--seed', '7');
      const junit = readFileSync(join(directory.path, 'tests.xml'), 'utf8');

      assert.equal(both, await type(directory, '--format', 'github', '--seed', '7'));
      assert.is(junit, (await type(directory, '--format', 'junit', '--seed', '7')).out);
      assert.is(readJunit(junit).failures, failures);
    });
  }
});

test('in a job of GitHub the summary has the story', () =>
  within({ 'ci/scenarios/uk.yaml': wrong }, async directory => {
    const path = join(directory.path, 'summary.md');
    let out = '';
    const code = await runCommandLine(['simulate', '--format', 'github', '--seed', '7'], {
      out: text => {
        out += text;
      },
      err: () => {},
      colour: false,
      env: { GITHUB_STEP_SUMMARY: path, GITHUB_WORKSPACE: dirname(directory.path) },
      workingDirectory: directory.path,
    });

    assert.is(code, 1);
    assert.match(out, /^::error file=[^/]+\/ci\/scenarios\/uk\.yaml,line=12,/);
    assert.ok(existsSync(path));
    assert.match(readFileSync(path, 'utf8'), '### class4 simulate: 1 scenario, 1 call, 0 passed, 1 failed');
  }));

test('machine formats have standard output for themselves', () =>
  within({ 'ci/scenarios/uk.yaml': good }, async directory => {
    const json = await type(directory, '--format', 'json', '--seed', '7');
    const report = JSON.parse(json.out) as Record<string, unknown>;
    assert.is(report['seed'], 7);
    assert.is(report['passed'], 1);
    assert.is(json.err, 'seed 7\n');
    const tap = await type(directory, '--format', 'tap', '--seed', '7');
    assert.match(tap.out, /^TAP version 14\n# seed 7\n1\.\.1\nok 1 - UK mobile/);
  }));

/** Every key of the report with its way to it; of lists, the keys of their first entries. */
function keyPaths(value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) return value.length === 0 ? [path] : keyPaths(value[0], `${path}[]`);
  if (typeof value !== 'object' || value === null) return [path];
  if (['.results[].ends', '.results[].stories[].explanation'].includes(path)) return [path];
  return Object.entries(value).flatMap(([key, below]) => keyPaths(below, `${path}.${key}`));
}

test('the JSON report has these keys, which programs rely on, and its page names them', () =>
  within({ 'ci/scenarios/uk.yaml': wrong }, async directory => {
    const { out } = await type(directory, '--format', 'json', '--seed', '7');
    const failure = ['file', 'line', 'column', 'subject', 'expected', 'got', 'callId', 'calls'];
    const call = [
      'callId',
      'call',
      'number',
      'via',
      'caller',
      'callee',
      'startedAt',
      'answeredAt',
      'endedAt',
    ];
    const story = [...call, 'status', 'reason', 'tried[]'];
    const ladder = ['afterMs', 'from', 'to', 'text'];
    assert.equal(keyPaths(JSON.parse(out), ''), [
      ...['seed', 'snapshot', 'scenarios', 'calls', 'passed', 'failed', 'violations'].map(key => `.${key}`),
      '.files[]',
      ...['name', 'file', 'line', 'column', 'passed', 'calls'].map(key => `.results[].${key}`),
      ...failure.map(key => `.results[].failures[].${key}`),
      '.results[].violations',
      '.results[].ends',
      ...story.map(key => `.results[].stories[].${key}`),
      ...ladder.map(key => `.results[].stories[].ladder[].${key}`),
      '.results[].stories[].explanation',
    ]);
    const [, page] = readSource('docs/simulate.md').text.split('## The JSON report');
    const unnamed = [...failure, ...story, ...ladder].filter(key => !page?.includes(`\`${key}\``));
    assert.equal(unnamed, []);
  }));

test('a report that cannot be written, or would be written over, is told before anything is played', () =>
  within({ 'ci/scenarios/uk.yaml': good }, async directory => {
    for (const option of ['--output', '--junit', '--coverage-output']) {
      const { code, out, err } = await type(directory, option, 'nowhere/report');
      assert.is(code, 2);
      assert.is(out, '');
      assert.match(err, 'nowhere/report: its folder does not exist');
    }
    assert.match((await type(directory, '--junit', 'ci')).err, 'it is a directory');
    assert.match(
      (await type(directory, '--junit', 'switch.yaml/x')).err,
      'a part of its path is not a directory',
    );
    const twice = await type(directory, '--output', 'one', '--coverage-output', './one');
    assert.is(twice.code, 2);
    assert.match(twice.err, '--output and --coverage-output name the same file');
    assert.is(existsSync(join(directory.path, 'one')), false);
  }));

test('a call that nothing ends is a failure of the scenario, and no bug of class4', () => {
  const endless = `scenarios:
  - name: talks for ever
    call: { via: brightcall, caller: "12025550100", callee: "447700900123", hangUp: never }
`;
  return within({ 'ci/scenarios/uk.yaml': endless }, async directory => {
    const path = join(directory.path, 'switch.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^ {2}SS_MAX_CALL_DURATION: .*$/m, ''));
    const { code, out } = await type(directory, '--seed', '7');
    assert.is(code, 1, out);
    assert.match(out, 'ci/scenarios/uk.yaml:3:11 end of the call');
    assert.not.match(out, 'invariant');
  });
});

test.run();
