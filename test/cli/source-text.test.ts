import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sourceProblems, sourceText } from '../../src/cli/source-text.ts';
import type { GitSourceReport } from '../../src/live/sources/source-report.ts';

const test = suite('cli/source-text');
const commit = '86f2c1d07a5b0000000000000000000000000000';
const report: GitSourceReport = {
  kind: 'git',
  repository: 'https://git.example.net/voice.git',
  branch: 'main',
  directory: 'switches/fra1',
  commit,
  head: commit,
  lastFetchAt: '2026-01-15T12:00:41.000Z',
  lastSuccessAt: '2026-01-15T12:00:41.000Z',
  ageSeconds: 5,
  lastError: null,
  failures: 0,
  nextFetchAt: '2026-01-15T12:01:39.000Z',
  refused: null,
  playing: null,
  webhook: null,
};

test('one line says what is followed, how far, and what is being done', () => {
  assert.is(
    sourceText(report),
    'https://git.example.net/voice.git main, switches/fra1, good 86f2c1d07a5b; seen 2026-01-15 12:00:41 UTC, next look 2026-01-15 12:01:39',
  );
  const playing = { commit, since: '2026-01-15T12:00:42.000Z' };
  assert.match(
    sourceText({ ...report, playing }),
    /; scenarios of 86f2c1d07a5b played since 2026-01-15 12:00:42$/,
  );
  assert.is(
    sourceText({ kind: 'directory', path: '/srv', polling: true }),
    '/srv, looked at every few seconds',
  );
});

test('an operator is told since when the repository is away, and why a commit does not serve', () => {
  assert.equal(sourceProblems(report), []);
  const away = { ...report, lastError: 'fatal: no route to host', failures: 7 };
  assert.equal(sourceProblems(away), [
    'the repository was seen last 2026-01-15 12:00:41 UTC (7 failures in a row): fatal: no route to host',
  ]);
  assert.match(
    sourceProblems({ ...away, lastSuccessAt: null })[0]!,
    /^the repository was not seen since the start \(7/,
  );
  const refused = { commit, reason: 'its scenarios do not pass' };
  assert.equal(sourceProblems({ ...report, refused }), [
    'commit 86f2c1d07a5b is refused: its scenarios do not pass',
  ]);
});

test.run();
