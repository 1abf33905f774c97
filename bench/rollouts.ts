/**
 * How often rollouts are taken back, and after how long: of configurations that are equal, and of ones that are worse
 * in one way each. Virtual time; the seeds are 1, 2, …
 * `node dist/bench/rollouts.js [runs of an equal one, default 1000] [runs of each worse one, default 20]`
 */
import { Course } from '../src/rollout/course.ts';
import { evidenceText } from '../src/rollout/evidence-text.ts';
import { type Effect, play } from '../test/rollout/traffic.ts';

const [equalRuns = '1000', worseRuns = '20'] = process.argv.slice(2);
const common = { forMs: 600_000, asrDropPoints: 5, pddRiseMs: 1000, minimumCalls: 200 };
/** Neither the busiest of the twelve destinations nor one that is answered most or least. */
const destination = '446';
const isThere = (call: { readonly destination: string }): boolean => call.destination === destination;

interface Case {
  readonly name: string;
  readonly sharePercent: number;
  readonly callsPerSecond: number;
  readonly effect: Effect;
}

const equal: Case = { name: 'nothing', sharePercent: 20, callsPerSecond: 8, effect: {} };
const worse: readonly Case[] = [
  {
    ...{ name: 'ASR 10 points lower everywhere', sharePercent: 5, callsPerSecond: 20 },
    effect: { answer: chance => chance - 0.1 },
  },
  {
    ...{ name: 'ASR 15 points lower everywhere', sharePercent: 5, callsPerSecond: 20 },
    effect: { answer: chance => chance - 0.15 },
  },
  {
    ...{ name: 'ASR 20 points lower to one of twelve destinations', sharePercent: 10, callsPerSecond: 60 },
    effect: { answer: (chance, call) => chance - (isThere(call) ? 0.2 : 0) },
  },
  {
    ...{ name: 'the same, and 5 points higher to the others', sharePercent: 10, callsPerSecond: 60 },
    effect: { answer: (chance, call) => chance + (isThere(call) ? -0.2 : 0.05) },
  },
  {
    ...{ name: 'one gateway never answers for one destination', sharePercent: 10, callsPerSecond: 60 },
    effect: { answer: (chance, call) => (isThere(call) && call.gateway === 'south' ? 0 : chance) },
  },
  {
    ...{ name: 'PDD 1.5 s longer', sharePercent: 5, callsPerSecond: 20 },
    effect: { delayMs: delayMs => delayMs + 1500 },
  },
  {
    ...{ name: 'one destination refused', sharePercent: 5, callsPerSecond: 20 },
    effect: { refused: isThere },
  },
];

interface TakenBack {
  readonly second: number;
  readonly candidateCalls: number;
}

/** null when it is promoted. */
function rollOut(seed: number, { sharePercent, callsPerSecond, effect }: Case): TakenBack | null {
  const course = new Course({ ...common, canaryPercent: sharePercent }, 0);
  const share = sharePercent / 100;
  let takenBack: TakenBack | null = null;
  play({ seed, share, callsPerSecond, seconds: 1260, effect }, (calls, second) => {
    course.take(calls);
    if (second % 2 !== 0) return false;
    const decision = course.decide(second * 1000);
    if (decision.kind === 'abort') {
      const candidateCalls = course.status(second * 1000).candidate.calls;
      takenBack = { second, candidateCalls };
      if (Object.keys(effect).length === 0) {
        process.stderr.write(`seed ${seed}: ${decision.evidence.map(evidenceText).join('; ')}\n`);
      }
    }
    return decision.kind !== 'goOn';
  });
  return takenBack;
}

function row(played: Case, runs: number): string {
  const found = Array.from({ length: runs }, (_, index) => rollOut(index + 1, played)).filter(
    outcome => outcome !== null,
  );
  const median = (of: (outcome: TakenBack) => number) =>
    found.map(of).sort((a, b) => a - b)[found.length >> 1];
  const { name, sharePercent, callsPerSecond } = played;
  const after =
    found.length * 2 < runs
      ? ' | '
      : `${median(({ second }) => second)} s | ${median(outcome => outcome.candidateCalls)}`;
  return `| ${name} | ${sharePercent} % | ${callsPerSecond} | ${found.length} of ${runs} | ${after} |\n`;
}

process.stdout.write(
  '| what differs | share | calls a second | taken back | after (median) | calls of the change |\n|---|---|---|---|---|---|\n',
);
for (const played of worse) process.stdout.write(row(played, Number(worseRuns)));
process.stdout.write(row(equal, Number(equalRuns)));
