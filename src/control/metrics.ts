/** What a switch does in the text format of Prometheus (exposition format 0.0.4), for whoever collects figures. */
import type { StatusReport } from '../live/operations.ts';

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

export interface Metric {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'untyped';
  /** One sentence, with the unit where the name has none. */
  readonly help: string;
  readonly samples: (report: StatusReport) => readonly Sample[];
}

const one = (value: number | null): readonly Sample[] => (value === null ? [] : [[{}, value]]);
const yes = (isSo: boolean): readonly Sample[] => [[{}, isSo ? 1 : 0]];

function labelled(label: string, values: Readonly<Record<string, number | null>>): readonly Sample[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === null ? [] : [[{ [label]: name }, value] as const],
  );
}

/** Of both sides of the rollout that is under way. */
function bySide(
  { rollout }: StatusReport,
  of: (side: NonNullable<StatusReport['rollout']>['stable']) => number | null,
): readonly Sample[] {
  if (rollout === null) return [];
  return labelled('side', { stable: of(rollout.stable), candidate: of(rollout.candidate) });
}

/** Counters whose names begin with `prefix.`, without it. */
function counted({ counters }: StatusReport, prefix: string): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(counters)
      .filter(([name]) => name.startsWith(`${prefix}.`))
      .map(([name, value]) => [name.slice(prefix.length + 1), value]),
  );
}

const thousandth = (milliseconds: number | null): number | null =>
  milliseconds === null ? null : milliseconds / 1000;

const ofSwitch: readonly Metric[] = [
  {
    ...{ name: 'class4_snapshot_info', type: 'gauge' },
    help: 'Always 1; the labels name the configuration that serves, during a rollout most of the calls.',
    samples: ({ snapshot: { hash, commit } }) => [[{ hash, commit: commit ?? '' }, 1]],
  },
  {
    ...{ name: 'class4_active_calls', type: 'gauge' },
    help: 'Calls in progress.',
    samples: ({ calls }) => one(calls.active),
  },
  {
    ...{ name: 'class4_events', type: 'untyped' },
    help: 'Every counter of class4 status by its name there.',
    samples: ({ counters }) => labelled('event', counters),
  },
  {
    ...{ name: 'class4_reloads_total', type: 'counter' },
    help: 'Readings of the configuration by what came of them.',
    samples: ({ reload: { applied, unchanged, refused, held, trying, givenUp } }) =>
      labelled('outcome', { applied, unchanged, refused, held, trying, givenUp }),
  },
  {
    ...{ name: 'class4_held', type: 'gauge' },
    help: '1 while a rollback is held and changes are not applied, otherwise 0.',
    samples: ({ hold }) => yes(hold !== null),
  },
  {
    ...{ name: 'class4_restart_needed', type: 'gauge' },
    help: 'Settings of the configuration that wait for a restart.',
    samples: ({ reload }) => one(reload.restartNeeded.length),
  },
  {
    ...{ name: 'class4_pending_writes', type: 'gauge' },
    help: 'What is not on the disk yet: records, and decisions about what serves.',
    samples: ({ store, decisions }) =>
      labelled('of', { records: store.pendingWrites, decisions: decisions.pending }),
  },
  {
    ...{ name: 'class4_sip_connected', type: 'gauge' },
    help: '1 while the SIP server is connected, otherwise 0.',
    samples: ({ sip }) => yes(sip.connected),
  },
];

const ofProcess: readonly Metric[] = [
  {
    ...{ name: 'class4_event_loop_held_seconds', type: 'gauge' },
    help: 'How long the event loop was held in the last minute: the longest, and 99 of 100 in the worst ten seconds.',
    samples: ({ process: { eventLoop } }) =>
      labelled('of', { longest: eventLoop.longestMs / 1000, p99: eventLoop.p99Ms / 1000 }),
  },
  {
    ...{ name: 'class4_memory_bytes', type: 'gauge' },
    help: 'Memory of the process by kind.',
    samples: ({ process: { memory } }) =>
      labelled('kind', {
        resident: memory.residentBytes,
        heap: memory.heapUsedBytes,
        external: memory.externalBytes,
        arrayBuffers: memory.arrayBufferBytes,
      }),
  },
  {
    ...{ name: 'class4_last_load_seconds', type: 'gauge' },
    help: 'How long each step of the last reload took; none before the first one.',
    samples: ({ process: { lastLoad, lastApplyMs } }) =>
      labelled('step', {
        read: thousandth(lastLoad?.readMs ?? null),
        compile: thousandth(lastLoad?.compileMs ?? null),
        handOver: thousandth(lastLoad?.handOverMs ?? null),
        apply: thousandth(lastApplyMs),
      }),
  },
  {
    ...{ name: 'class4_old_snapshots', type: 'gauge' },
    help: 'Configurations of before that calls in progress still go by.',
    samples: ({ process: { oldSnapshots } }) => one(oldSnapshots.snapshots),
  },
  {
    ...{ name: 'class4_old_snapshot_calls', type: 'gauge' },
    help: 'Calls in progress that go by a configuration of before.',
    samples: ({ process: { oldSnapshots } }) => one(oldSnapshots.calls),
  },
];

const ofRollouts: readonly Metric[] = [
  {
    ...{ name: 'class4_rollout_share', type: 'gauge' },
    help: 'The part of the new calls that goes by a change (0–1); 0 while nothing is rolled out.',
    samples: ({ rollout }) => one((rollout?.sharePercent ?? 0) / 100),
  },
  {
    ...{ name: 'class4_rollout_seconds_left', type: 'gauge' },
    help: 'Until the rollout is decided, as things stand; none while nothing is rolled out.',
    samples: ({ rollout }) => one(rollout?.secondsLeft ?? null),
  },
  {
    ...{ name: 'class4_rollout_calls', type: 'gauge' },
    help: 'Calls of each side that were compared in the rollout that is under way.',
    samples: report => bySide(report, ({ calls }) => calls),
  },
  {
    ...{ name: 'class4_rollout_refused_calls', type: 'gauge' },
    help: 'Those of them that were turned away without an attempt.',
    samples: report => bySide(report, ({ refused }) => refused),
  },
  {
    ...{ name: 'class4_rollout_answer_seizure_ratio', type: 'gauge' },
    help: 'ASR of the compared calls of each side (0–1).',
    samples: report => bySide(report, ({ asr }) => asr),
  },
  {
    ...{ name: 'class4_rollout_post_dial_delay_seconds', type: 'gauge' },
    help: 'Mean PDD of the compared calls of each side.',
    samples: report => bySide(report, ({ postDialDelayMs }) => thousandth(postDialDelayMs)),
  },
  {
    ...{ name: 'class4_rollout_suspicions', type: 'gauge' },
    help: 'Places in which the change seems worse, with a corrected p-value below 0.1.',
    samples: ({ rollout }) => one(rollout?.suspicions.length ?? null),
  },
  {
    ...{ name: 'class4_rollout_p_value', type: 'gauge' },
    help: 'The smallest corrected p-value of these, 1 without any; below 0.005 the change is taken back.',
    samples: ({ rollout }) =>
      one(rollout === null ? null : Math.min(1, ...rollout.suspicions.map(({ pValue }) => pValue))),
  },
  {
    ...{ name: 'class4_rollouts_total', type: 'counter' },
    help: 'Rollouts by what became of them, and those that were begun.',
    samples: report => labelled('outcome', counted(report, 'rollouts')),
  },
  {
    ...{ name: 'class4_rollout_given_up', type: 'gauge' },
    help: '1 while a change was taken back and the files have not changed since, otherwise 0.',
    samples: ({ givenUp }) => yes(givenUp !== null),
  },
];

/** In the order in which they are told. */
export const metrics: readonly Metric[] = [...ofSwitch, ...ofProcess, ...ofRollouts];

export const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

export function metricsText(report: StatusReport): string {
  return metrics.map(metric => metricText(metric, report)).join('');
}

/** Nothing of a metric that has no value now. */
function metricText({ name, type, help, samples }: Metric, report: StatusReport): string {
  const lines = samples(report).map(([labels, value]) => `${name}${labelText(labels)} ${value}\n`);
  if (lines.length === 0) return '';
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
