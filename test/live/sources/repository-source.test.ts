import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.ts';
import type { LoadedConfiguration } from '../../../src/live/loading-thread.ts';
import type { Candidate, Look } from '../../../src/live/sources/git-source.ts';
import { RepositorySource } from '../../../src/live/sources/repository-source.ts';
import { StartError } from '../../../src/live/start-error.ts';
import { FakeLog, FakeTime } from '../fakes.ts';
import { followed } from './remote.ts';

/** A branch that is where the test says, and what its commits are good for. */
class FakeGit {
  readonly counters = { forcedPushes: 0, unsigned: 0, mirrorsMade: 0 };
  head = 'a';
  away: Error | null = null;
  refused: string | null = null;
  good: string | null = null;
  goodFails = false;
  #told: string | null = null;

  async lastGood(): Promise<Candidate | null> {
    if (this.good === null) return null;
    this.#told = this.good;
    return commitOf(this.good);
  }

  async look(): Promise<Look> {
    if (this.away !== null) throw this.away;
    const { head } = this;
    if (this.refused !== null) return { outcome: 'refused', head, reason: this.refused };
    if (this.#told === head) return { outcome: 'unchanged', head };
    this.#told = head;
    return { outcome: 'new', head, candidate: commitOf(head) };
  }

  async keepAsGood({ commit }: Candidate): Promise<void> {
    if (this.goodFails) throw new Error('no space left on device');
    this.good = commit.commit;
  }

  close(): void {}
}

function commitOf(commit: string): Candidate {
  const author = 'Alice Example <alice@example.net>';
  return {
    commit: { commit, author, subject: commit, committedAtMs: 1 },
    directory: `/c/${commit}`,
    files: [],
  };
}

const broken: Diagnostic = {
  code: 'C4201',
  severity: 'error',
  place: { file: 'accounts/northwind.yaml', line: 3, column: 1 },
  message: 'unknown key "rateTabel"',
};

interface Context {
  git: FakeGit;
  time: FakeTime;
  log: FakeLog;
  /** Commits that cannot be loaded. */
  bad: Set<string>;
  loads: string[];
  played: string[];
  failing: Set<string>;
  noticed: { count: number };
  /** Before a load ends. */
  meanwhile: { do: () => Promise<void> };
  whilePlayed: { do: () => Promise<void> };
  make: (scenariosRequired?: boolean) => RepositorySource;
}

const test = suite<Context>('live/sources/repository-source');

test.before.each(context => {
  const made: Context = {
    git: new FakeGit(),
    time: new FakeTime(),
    log: new FakeLog(),
    bad: new Set(),
    loads: [],
    played: [],
    failing: new Set(),
    noticed: { count: 0 },
    meanwhile: { async do() {} },
    whilePlayed: { async do() {} },
    make: (scenariosRequired = false) => sourceOf(made, scenariosRequired),
  };
  Object.assign(context, made);
});

function sourceOf(context: Context, scenariosRequired: boolean): RepositorySource {
  const { git, time, log, bad, loads, played, failing, noticed, meanwhile, whilePlayed } = context;
  const source = new RepositorySource({
    settings: { ...followed('https://git.example.net/voice.git'), scenariosRequired },
    git,
    async load({ commit }): Promise<LoadedConfiguration> {
      loads.push(commit);
      await meanwhile.do();
      if (bad.has(commit)) return { snapshot: null, diagnostics: [broken] };
      return { snapshot: { hash: `hash-${commit}`, commit } as Snapshot, diagnostics: [] };
    },
    async playScenarios(directory) {
      played.push(directory);
      await whilePlayed.do();
      return failing.has(directory) ? 'its scenarios do not pass' : null;
    },
    log,
    clock: time.clock,
    timers: time,
    random: () => 0.5,
  });
  source.onChange(() => {
    noticed.count += 1;
  });
  return source;
}

async function startError(start: Promise<unknown>): Promise<StartError> {
  try {
    await start;
  } catch (error) {
    if (error instanceof StartError) return error;
    throw error;
  }
  throw new Error('it started');
}

test('a first start reads the branch, and names the commit and its author', async ({ make, git }) => {
  const source = make();
  const candidate = await source.first();

  assert.is(candidate.snapshot.commit, 'a');
  assert.is(candidate.cause, 'git');
  assert.is(candidate.by, 'Alice Example <alice@example.net>');
  assert.is(candidate.commit?.subject, 'a');
  assert.is(git.good, 'a');
  assert.is(source.status().commit, 'a');
});

test('a restart serves what was good last without asking anybody', async ({ make, git, time, noticed }) => {
  git.good = 'a';
  git.head = 'b';
  git.away = new Error('no route to host');
  const source = make();
  assert.is((await source.first()).snapshot.commit, 'a');

  source.start(null);
  await time.pass(0);
  assert.is(source.status().lastError, 'no route to host');
  assert.is(source.status().commit, 'a');
  assert.is(noticed.count, 0);

  git.away = null;
  await time.pass(3_600_000);
  assert.is(noticed.count, 1);
  assert.is((await source.read(false)).outcome, 'good');
  assert.is(source.status().commit, 'b');
});

test('a first start without the remote says why, and where to look', async ({ make, git }) => {
  git.away = new Error('Host key verification failed.');
  const error = await startError(make().first());

  assert.is(
    error.message,
    'the branch main of https://git.example.net/voice.git cannot be read: Host key verification failed.',
  );
  assert.match(error.hint!, /docs\/sources\.md/);
});

test('a first start with a broken or refused commit says what is wrong with it', async ({
  make,
  git,
  bad,
}) => {
  bad.add('a');
  assert.equal((await startError(make().first())).diagnostics, [broken]);

  git.refused = 'the commit must be signed: it carries no signature';
  assert.match((await startError(make().first())).message, /cannot serve: the commit must be signed/);
});

test('a commit that was good once and cannot be loaded any more gives way to the branch', async context => {
  const { make, git, bad, log } = context;
  git.good = 'a';
  git.head = 'b';
  bad.add('a');

  assert.is((await make().first()).snapshot.commit, 'b');
  assert.match(
    log.lines.join('\n'),
    /cannot be loaded any more commit=a reason=accounts\/northwind.yaml:3:1 C4201/,
  );
});

test('a commit that breaks is refused once, and the next good one is read', async context => {
  const { make, git, bad, time, loads } = context;
  const source = make();
  await source.first();
  source.start(null);
  bad.add('b');
  git.head = 'b';
  await time.pass(60_000);

  assert.equal(await source.read(false), { outcome: 'refused', diagnostics: [broken], failure: null });
  assert.equal(source.status().refused, {
    commit: 'b',
    reason: 'accounts/northwind.yaml:3:1 C4201 unknown key "rateTabel"',
  });
  assert.is(git.good, 'a');
  await time.pass(600_000);
  assert.equal(await source.read(false), { outcome: 'unread' });
  assert.equal(loads, ['a', 'b']);

  git.head = 'c';
  await time.pass(60_000);
  assert.is((await source.read(false)).outcome, 'good');
  assert.is(source.status().refused, null);
  assert.is(git.good, 'c');
});

test('where scenarios are required, a commit serves when they pass, and they are played once', async context => {
  const { make, git, failing, played } = context;
  const source = make(true);
  await source.first();
  assert.is((await source.read(true)).outcome, 'good');
  assert.equal(played, ['/c/a']);

  git.head = 'b';
  failing.add('/c/b');
  assert.equal(await source.read(true), {
    outcome: 'refused',
    diagnostics: [],
    failure: 'its scenarios do not pass',
  });
  assert.is(git.good, 'a');
  assert.is(source.status().commit, 'a');
});

test('while scenarios are played the status says so, and a newer commit waits for them', async context => {
  const { make, git, whilePlayed, played, time, log } = context;
  const source = make(true);
  await source.first();
  git.head = 'b';
  let playing: unknown = null;
  whilePlayed.do = async () => {
    ({ playing } = source.status());
    time.nowMs += 90_000;
    git.head = 'c';
    whilePlayed.do = async () => undefined;
  };

  const first = await source.read(true);
  const second = await source.read(true);

  assert.equal(playing, { commit: 'b', since: '2026-01-15T12:00:00.000Z' });
  assert.is(source.status().playing, null);
  assert.equal([first.outcome, second.outcome], ['good', 'good']);
  assert.equal(played, ['/c/a', '/c/b', '/c/c']);
  assert.is(source.counters()['scenariosPassed'], 3);
  assert.match(log.lines.join('\n'), /scenarios of the commit pass commit=b seconds=90/);
});

test('a switch that stops ends the scenarios, and complains of nothing', async ({
  make,
  git,
  whilePlayed,
}) => {
  const source = make(true);
  await source.first();
  git.head = 'b';
  whilePlayed.do = () => source.close();

  assert.is((await source.read(true)).outcome, 'moving');
  assert.is(source.status().refused, null);
});

test('an operator who reloads hears that the remote is away, or that the commit is refused', async context => {
  const { make, git } = context;
  const source = make();
  await source.first();
  git.away = new Error('no route to host');
  assert.equal(await source.read(true), {
    outcome: 'refused',
    diagnostics: [],
    failure: 'the repository cannot be followed at the moment: no route to host',
  });

  git.away = null;
  git.refused = 'the commit must be signed: it carries no signature';
  git.head = 'b'.repeat(40);
  assert.equal(await source.read(true), {
    outcome: 'refused',
    diagnostics: [],
    failure: 'commit bbbbbbbbbbbb: the commit must be signed: it carries no signature',
  });
});

test('a commit that was followed by another one while it was read is not complained of', async context => {
  const { make, git, bad, meanwhile, time } = context;
  const source = make();
  await source.first();
  bad.add('b');
  git.head = 'b';
  source.start(null);
  await time.pass(60_000);
  meanwhile.do = async () => {
    meanwhile.do = async () => {};
    git.head = 'c';
    await time.pass(60_000);
  };

  assert.equal(await source.read(false), { outcome: 'moving' });
  assert.is(source.status().refused, null);
  assert.is((await source.read(false)).outcome, 'good');
  assert.is(source.status().commit, 'c');
});

test('a disk that does not note the good commit keeps nothing from serving', async ({ make, git, log }) => {
  git.goodFails = true;
  assert.is((await make().first()).snapshot.commit, 'a');
  assert.match(
    log.lines.join('\n'),
    /a restart may begin with an older one commit=a error=no space left on device/,
  );
});

test('the status has everything but credentials', async ({ make, time }) => {
  const source = make();
  await source.first();
  source.start('127.0.0.1:9418');
  assert.is(source.status().ageSeconds, 0);

  assert.equal(source.status(), {
    kind: 'git',
    repository: 'https://git.example.net/voice.git',
    branch: 'main',
    directory: '.',
    commit: 'a',
    head: 'a',
    lastFetchAt: '2026-01-15T12:00:00.000Z',
    lastSuccessAt: '2026-01-15T12:00:00.000Z',
    ageSeconds: 0,
    lastError: null,
    failures: 0,
    nextFetchAt: '2026-01-15T12:00:00.000Z',
    refused: null,
    playing: null,
    webhook: '127.0.0.1:9418',
  });
  await source.close();
  assert.is(time.timerCount, 0);
});

test.run();
