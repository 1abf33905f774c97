import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ReplayProgress } from '../../src/cli/replay/replay-progress.ts';
import { runReplay } from '../../src/cli/replay/replay-run.ts';
import { networkIn, recordDay, startMs, writeDay } from '../replay/recorded-day.ts';
import type { TemporaryDirectory } from '../store/records.ts';
import { exampleDirectory, typeIn } from './example-directory.ts';

const test = suite('cli/replay');

const program = fileURLToPath(new URL('../../src/main.js', import.meta.url));

const network = networkIn();
const day = recordDay(network, { calls: 3000, intervalMs: 40_010 });

let directory: TemporaryDirectory;
test.before(async () => {
  directory = exampleDirectory();
  await writeDay(join(directory.path, 'var/class4.db'), day);
  edit('old', []);
  edit('new', [['gateways/routing/northlink.yaml', '  - "92"\n', '']]);
});
test.after(() => directory.remove());

/** A copy of the example network below the directory, with changes. */
function edit(name: string, changes: readonly (readonly [string, string, string])[]): void {
  const copy = exampleDirectory();
  for (const [path, from, to] of changes) {
    const file = join(copy.path, path);
    const text = readFileSync(file, 'utf8');
    assert.ok(text.includes(from));
    writeFileSync(file, text.replace(from, to));
  }
  sides.set(name, copy);
}

const sides = new Map<string, TemporaryDirectory>();
test.after(() => {
  for (const side of sides.values()) side.remove();
});

function sideArguments(): readonly string[] {
  return ['--from', sides.get('old')!.path, '--to', sides.get('new')!.path];
}

function workFolders(): readonly string[] {
  const path = join(directory.path, 'var/replay');
  return existsSync(path) ? readdirSync(path) : [];
}

/** What every replay of both sides says. */
let whole = '';

test('the report says what changed, and the same command says the same again', async () => {
  const one = await typeIn(directory, ['replay', ...sideArguments(), '--json']);
  whole = one.out;
  const other = await typeIn(directory, ['replay', ...sideArguments(), '--json', '--fresh']);

  assert.is(one.code, 0, one.err);
  assert.is(one.out, other.out);
  const report = JSON.parse(one.out);
  assert.is(report.calls, 3000);
  assert.equal(report.fidelity, { sameResult: 1, sameGateway: 1 });
  assert.equal(
    report.refusedNow.map(({ reason }: { reason: string }) => reason),
    ['NoAvailableRouter'],
  );
  assert.is(report.refusedNow[0].examples[0].callee.slice(0, 2), '92');
  assert.equal(workFolders(), [], 'nothing is left');
});

test('text, Markdown and guards tell the same, and guards end it with 1', async () => {
  const markdown = join(directory.path, 'replay.md');
  const { code, out, err } = await typeIn(directory, [
    ...['replay', ...sideArguments(), '--markdown', markdown, '--fail-on', 'refused:5%,margin'],
  ]);
  const written = readFileSync(markdown, 'utf8');

  assert.is(code, 1);
  assert.match(err, /300 calls are refused that were not, which is 10\.00 % of all, and 5 % are allowed/);
  assert.match(err, /the margin falls from/);
  for (const text of [out, written]) {
    assert.match(text, /300 calls refused that were not/);
    assert.match(text, 'NoAvailableRouter');
    assert.match(text, 'brightcall');
  }
});

test('only the calls that were asked for are played', async () => {
  const since = new Date(startMs + 60_000).toISOString();
  const until = new Date(startMs + 120_000).toISOString();
  const { out } = await typeIn(directory, [
    ...['replay', ...sideArguments(), '--json', '--since', since, '--until', until],
  ]);
  const within = day.filter(
    ({ startedAtMs }) => startedAtMs >= startMs + 60_000 && startedAtMs < startMs + 120_000,
  );

  assert.is(JSON.parse(out).calls, within.length);
});

test('a time without calls is no error', async () => {
  const { code, out } = await typeIn(directory, ['replay', ...sideArguments(), '--until', '2020-01-01']);

  assert.is(code, 0);
  assert.match(out, 'No call was recorded in this time.');
});

test('calls come whole weeks later, with the rates of that time', async () => {
  const { out } = await typeIn(directory, ['replay', ...sideArguments(), '--json', '--as-of', '2026-03-05']);
  const report = JSON.parse(out);

  assert.is(report.daysLater, 7);
  assert.is(report.before.answered, report.recorded.answered);
});

test('what is wrong with the question is said before any work', async () => {
  const wrong = async (...args: readonly string[]): Promise<string> => {
    const { code, err } = await typeIn(directory, ['replay', ...args]);
    assert.is(code, 2, args.join(' '));
    return err;
  };

  assert.match(await wrong(...sideArguments(), '--database', 'none.db'), 'there is no database none.db');
  assert.match(
    await wrong(...sideArguments(), '--fail-on', 'luck'),
    '--fail-on takes completion, margin, refused',
  );
  assert.match(
    await wrong(...sideArguments(), '--since', '2026-03-02', '--until', '2026-03-01'),
    'not later',
  );
  assert.match(await wrong(...sideArguments(), '--format', 'pdf'), 'there is no format "pdf"');
  assert.match(await wrong('--from', 'nowhere', '--to', '.'), 'nowhere');
  assert.match(await wrong(...sideArguments(), '--database', 'switch.yaml'), 'switch.yaml');
});

test('a side that does not compile is told with its findings', async () => {
  const broken = exampleDirectory();
  rmSync(join(broken.path, 'rates/northlink.csv'));
  const { code, err } = await typeIn(directory, ['replay', '--from', '.', '--to', broken.path]);
  broken.remove();

  assert.is(code, 2);
  assert.match(err, /error C\d+/);
  assert.match(err, 'class4 replay:');
});

/** Types the command in a process of its own. */
function start(...args: readonly string[]): {
  readonly child: ChildProcess;
  readonly ended: Promise<string>;
} {
  const child = spawn(process.execPath, [program, 'replay', ...sideArguments(), ...args], {
    cwd: directory.path,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr!.on('data', (data: Buffer) => {
    said += data.toString();
  });
  return { child, ended: new Promise(resolve => child.on('exit', code => resolve(`${code} ${said}`))) };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 5));
}

function piecesDone(): number {
  return workFolders().flatMap(name => {
    const path = join(directory.path, 'var/replay', name);
    return existsSync(path)
      ? readdirSync(path).filter(piece => /^(?:learned|before|after).*\.piece$/.test(piece))
      : [];
  }).length;
}

for (const signal of ['SIGKILL', 'SIGINT'] as const) {
  test(`after ${signal} it goes on with what is left, and says exactly the same`, async () => {
    const { child, ended } = start('--json');
    await until(() => piecesDone() > 0 || child.exitCode !== null);
    child.kill(signal);
    const end = await ended;
    // A machine that does nothing else may be done before the signal comes.
    if (end.startsWith('0')) return;
    if (signal === 'SIGINT') {
      assert.match(end, /^130 /);
      assert.match(end, 'The same command goes on');
    }

    assert.ok(piecesDone() > 0);
    const rest = await typeIn(directory, ['replay', ...sideArguments(), '--json']);
    assert.match(rest.err, /Goes on where it was interrupted: [123] of 3 pieces are done/);
    assert.is(rest.out, whole);
    assert.equal(workFolders(), []);
  });
}

function playHere(
  change: Partial<Parameters<typeof runReplay>[0]>,
  done: (pieces: number) => void = () => {},
): ReturnType<typeof runReplay> {
  const io = { out: () => {}, err: () => {}, colour: false, env: {}, workingDirectory: directory.path };
  return runReplay(
    {
      ...{ before: network, after: network, path: join(directory.path, 'var/class4.db') },
      ...{ sinceMs: null, untilMs: null, asOfMs: null, seed: 1, fresh: false },
      workDirectory: join(directory.path, 'work'),
      least: { hours: 1, calls: 100 },
      ...change,
    },
    {
      progress: new ReplayProgress(io, () => 0),
      nowMs: 0,
      begun: begun => done(begun.done),
      interrupted: new Promise(() => {}),
    },
  );
}

test('parts that are damaged on the disk are played again', async () => {
  const first = await playHere({});
  assert.ok(first.parts > 2);
  const work = join(directory.path, 'work');
  const [folder] = readdirSync(work);
  for (const name of readdirSync(join(work, folder!))) {
    writeFileSync(join(work, folder!, name), 'damaged');
  }
  const second = await playHere({});

  assert.equal(second.comparison, first.comparison);
  second.tidy();
  assert.equal(readdirSync(work), []);
});

test('a disk that fails in the middle costs nothing but the going on', async () => {
  const first = await playHere({ seed: 2 });
  first.tidy();
  const second = await playHere({ seed: 2 }, () => {
    rmSync(join(directory.path, 'work'), { recursive: true });
  });

  assert.equal(second.comparison, first.comparison);
  second.tidy();
});

test('a replay that goes on plays the calls of its beginning, whatever came into the database since', async () => {
  const path = join(directory.path, 'growing.db');
  await writeDay(path, day.slice(0, 200));
  const first = await playHere({ path });
  await writeDay(path, day.slice(200, 300));
  let pieces = 0;
  const again = await playHere({ path }, done => {
    pieces = done;
  });

  assert.is(pieces, 1 + 2 * first.parts);
  assert.equal(again.comparison, first.comparison);
  const fresh = await playHere({ path, fresh: true });
  assert.ok(fresh.comparison.before.all.calls > first.comparison.before.all.calls);
  fresh.tidy();
});

test('where nothing can be kept it is said, and the replay is played all the same', async () => {
  const other = exampleDirectory();
  writeFileSync(join(other.path, 'var'), 'in the way');
  const database = join(directory.path, 'var/class4.db');
  const { code, err, out } = await typeIn(other, ['replay', ...sideArguments(), '--database', database]);
  other.remove();

  assert.is(code, 0, err);
  assert.match(err, 'An interruption would begin anew');
  assert.match(out, 'NoAvailableRouter');
});

test('progress tells rate and time left on a terminal, and nothing elsewhere', () => {
  const said = (colour: boolean): string => {
    let text = '';
    let nowMs = 0;
    const io = {
      out: () => {},
      err: (more: string) => {
        text += more;
      },
      colour,
      env: {},
      workingDirectory: '/',
    };
    const progress = new ReplayProgress(io, () => nowMs);
    progress.expect(4000);
    progress.skip(1000);
    progress.doing('playing both sides');
    nowMs = 2000;
    progress.add(1000);
    progress.clear();
    return text;
  };

  assert.is(
    said(true),
    `\r\u001b[K${'█'.repeat(12)}${'░'.repeat(12)} 50 %  playing both sides, 500 calls/s, 0:04 left\r\u001b[K`,
  );
  assert.is(said(false), '');
});

test.run();
