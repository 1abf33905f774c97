import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { metrics, metricsText } from '../../src/control/metrics.ts';
import type { StatusReport } from '../../src/live/operations.ts';
import { projectDirectory } from '../support/source-files.ts';

const test = suite('control/metrics');

const side = { calls: 4000, asr: 0.61, postDialDelayMs: 1500, refused: 2 };
const evidence = { measure: 'asr', pValue: 0.04, text: 'ASR is lower' } as const;

const report = {
  snapshot: { hash: 'abc', commit: null },
  reload: { applied: 3, unchanged: 0, refused: 1, held: 0, trying: 2, givenUp: 0, restartNeeded: [] },
  hold: null,
  rollout: {
    sharePercent: 5,
    secondsLeft: 65,
    stable: side,
    candidate: { ...side, asr: null },
    suspicions: [evidence],
  },
  givenUp: null,
  decisions: { pending: 1, lastError: null },
  sip: { connected: true },
  store: { pendingWrites: 7 },
  calls: { active: 12 },
  process: {
    eventLoop: { longestMs: 12, p99Ms: 3 },
    memory: { residentBytes: 1, heapUsedBytes: 2, externalBytes: 3, arrayBufferBytes: 4 },
    lastLoad: null,
    lastApplyMs: null,
    oldSnapshots: { snapshots: 1, calls: 4 },
  },
  counters: { 'calls.invites': 9, 'rollouts.begun': 2, 'rollouts.aborted': 1 },
} as unknown as StatusReport;

test('a rollout is told with its share, both sides, its evidence and what became of those before', () => {
  const lines = metricsText(report).split('\n');
  for (const line of [
    'class4_rollout_share 0.05',
    'class4_rollout_seconds_left 65',
    'class4_rollout_calls{side="stable"} 4000',
    'class4_rollout_calls{side="candidate"} 4000',
    'class4_rollout_refused_calls{side="candidate"} 2',
    'class4_rollout_answer_seizure_ratio{side="stable"} 0.61',
    'class4_rollout_post_dial_delay_seconds{side="stable"} 1.5',
    'class4_rollout_suspicions 1',
    'class4_rollout_p_value 0.04',
    'class4_rollouts_total{outcome="begun"} 2',
    'class4_rollouts_total{outcome="aborted"} 1',
    'class4_rollout_given_up 0',
    'class4_event_loop_held_seconds{of="longest"} 0.012',
    'class4_events{event="calls.invites"} 9',
  ]) {
    assert.ok(lines.includes(line), line);
  }
  assert.not.match(metricsText(report), 'answer_seizure_ratio{side="candidate"}');
});

test('without a rollout its share is 0 and nothing is told of sides', () => {
  const text = metricsText({ ...report, rollout: null });
  assert.match(text, /^class4_rollout_share 0$/m);
  assert.not.match(text, 'side=');
});

test('each line is one that Prometheus reads, and labels hold any text', () => {
  const text = metricsText({ ...report, snapshot: { hash: 'a"b\\c\nd', commit: 'c0ffee' } });
  assert.match(text, 'class4_snapshot_info{hash="a\\"b\\\\c\\nd",commit="c0ffee"} 1\n');
  const line =
    /^(# (HELP|TYPE) class4_\w+ .+|class4_\w+(\{\w+="([^"\\]|\\.)*"(,\w+="([^"\\]|\\.)*")*\})? -?[\d.e+-]+)$/;
  for (const each of text.trimEnd().split('\n')) assert.match(each, line);
  assert.is(new Set(metrics.map(({ name }) => name)).size, metrics.length);
});

test('docs/metrics.md lists every metric with its sentence', () => {
  const page = readFileSync(join(projectDirectory, 'docs', 'metrics.md'), 'utf8');
  const rows = metrics.map(({ name, type, help }) => `| \`${name}\` | ${type} | ${help} |\n`);
  assert.ok(
    page.includes(`| metric | type | what it tells |\n|---|---|---|\n${rows.join('')}`),
    rows.join(''),
  );
});

test.run();
