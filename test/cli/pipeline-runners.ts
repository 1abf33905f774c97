/** What GitHub and GitLab do with the pipelines of a repository, as far as these pipelines go. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { defaultLimits } from '../../src/config/limits.ts';
import { readYaml } from '../../src/config/read/yaml.ts';
import { environment, newDirectory } from './made-repository.ts';

type Texts = Readonly<Record<string, string>>;

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly shell?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly env?: Texts;
  readonly with?: Texts;
}

export interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

interface GitlabJob {
  readonly extends?: string;
  readonly before_script?: readonly string[];
  readonly rules?: readonly { readonly if: string; readonly when?: string }[];
  readonly script?: readonly string[];
  readonly coverage?: string;
  readonly artifacts?: { readonly paths?: readonly string[]; readonly reports?: Texts };
}

export interface JobResult {
  readonly code: number;
  /** Standard output and standard error of all steps. */
  readonly log: string;
  /** The summary page of the job. */
  readonly summary: string;
  readonly outputs: Texts;
}

export function yamlOf<Shape>(path: string): Shape {
  const { root, diagnostics } = readYaml(readFileSync(path, 'utf8'), path, defaultLimits);
  assert.equal(diagnostics, []);
  return root!.value as Shape;
}

/** The steps of the workflow that run something; those of GitHub's own actions are taken for done. */
export function runGithub(repository: string, inputs: Texts = {}, event: Texts = {}): JobResult {
  const { jobs } = yamlOf<Workflow>(join(repository, '.github/workflows/class4.yaml'));
  const steps = Object.values(jobs).flatMap(job => job.steps);
  assert.equal(
    steps.flatMap(step => step.run ?? []),
    ['npm ci'],
  );
  const [own, ...others] = steps.filter(({ uses }) => uses?.startsWith('./') === true);
  assert.equal(others, []);
  const action = yamlOf<Action>(join(repository, own!.uses!, 'action.yml'));
  return runAction(action, repository, { ...own!.with, ...inputs }, event);
}

/** Step by step until one fails; `event` is what GitHub says of it in the environment. @throws for an input that the action does not have. */
export function runAction(action: Action, repository: string, given: Texts, event: Texts = {}): JobResult {
  for (const name of Object.keys(given)) assert.ok(name in action.inputs, `no input ${name}`);
  const defaults = Object.entries(action.inputs).map(([name, input]) => [name, input.default]);
  const context = new Map<string, string>();
  for (const [name, value] of [...defaults, ...Object.entries(given)]) context.set(`inputs.${name}`, value!);
  const [temporary, logs, summaries] = [newDirectory(), [] as string[], [] as string[]];
  let code = 0;
  for (const step of action.runs.steps) {
    assert.is(step.shell, 'bash');
    const folder = mkdtempSync(join(temporary, 'step-'));
    const file = (name: string) => join(folder, name);
    writeFileSync(file('script.sh'), step.run!);
    writeFileSync(file('output'), '');
    writeFileSync(file('summary'), '');
    const env = {
      ...environment,
      ...{ CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: repository, ...event },
      ...{ GITHUB_OUTPUT: file('output'), GITHUB_STEP_SUMMARY: file('summary') },
      ...Object.fromEntries(
        Object.entries(step.env ?? {}).map(([name, text]) => [name, filledIn(text, context)]),
      ),
    };
    const ran = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', file('script.sh')], {
      ...{ cwd: repository, env, encoding: 'utf8', timeout: 120_000 },
    });
    logs.push(ran.stdout + ran.stderr);
    summaries.push(readFileSync(file('summary'), 'utf8'));
    for (const line of readFileSync(file('output'), 'utf8').split('\n').slice(0, -1)) {
      const [, name, value] = /^([\w-]+)=(.*)$/.exec(line)!;
      context.set(`steps.${step.id}.outputs.${name}`, value!);
    }
    code = ran.status ?? -1;
    if (code !== 0) break;
  }
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [name, filledIn(value, context)]);
  return { code, log: logs.join(''), summary: summaries.join('\n'), outputs: Object.fromEntries(outputs) };
}

/** Outputs that no step has set are empty, as GitHub has it; inputs that there are not are a mistake of ours. */
function filledIn(text: string, context: ReadonlyMap<string, string>): string {
  return text.replace(/\$\{\{ (.*?) \}\}/g, (_whole, expression: string) => {
    assert.match(expression, /^(?:inputs\.[\w-]+|steps\.[\w-]+\.outputs\.[\w-]+)$/);
    const value = context.get(expression);
    assert.ok(value !== undefined || expression.startsWith('steps.'), expression);
    return value ?? '';
  });
}

export interface GitlabResult {
  readonly code: number;
  readonly log: string;
  /** What GitLab reads of the log by the job's own expression. */
  readonly coverage: string | null;
  /** Reports that the job promises and that are there. */
  readonly reports: readonly string[];
}

/** The jobs of the pipeline by name, all or those that are named, in a shell that knows no more than POSIX; `npm ci` is taken for done. */
export function runGitlab(
  repository: string,
  variables: Texts = {},
  named: readonly string[] | null = null,
): ReadonlyMap<string, GitlabResult> {
  const { include, ...own } = yamlOf<{ include: readonly { local: string }[]; variables: Texts }>(
    join(repository, '.gitlab-ci.yml'),
  );
  const [{ local }, ...others] = include as [{ local: string }, ...unknown[]];
  assert.equal(others, []);
  const { variables: defaults, ...all } = yamlOf<{ variables: Texts }>(join(repository, local));
  const jobs = all as unknown as Readonly<Record<string, GitlabJob>>;
  const pushed = { CI_PIPELINE_SOURCE: 'push', CI_COMMIT_BRANCH: 'main', CI_DEFAULT_BRANCH: 'main' };
  const env = {
    ...environment,
    ...defaults,
    ...pushed,
    ...own.variables,
    ...variables,
    CI_PROJECT_DIR: repository,
  };
  const results = new Map<string, GitlabResult>();
  for (const [name, job] of Object.entries(jobs)) {
    const whole = { ...jobs[job.extends ?? ''], ...job };
    if (name.startsWith('.') || isLeftOut(whole, env) || named?.includes(name) === false) continue;
    const [first, ...before] = whole.before_script!;
    assert.match(first!, /^npm ci /);
    const script = [...before, ...whole.script!].join('\n');
    const ran = spawnSync('sh', ['-e', '-c', script], {
      ...{ cwd: repository, env, encoding: 'utf8', timeout: 120_000 },
    });
    const { coverage } = whole;
    const pattern = coverage === undefined ? null : new RegExp(coverage.slice(1, -1));
    const reports = Object.values(whole.artifacts?.reports ?? {});
    results.set(name, {
      code: ran.status ?? -1,
      log: ran.stdout + ran.stderr,
      coverage: pattern?.exec(ran.stdout)?.[1] ?? null,
      reports: reports.filter(path => existsSync(join(repository, path))),
    });
  }
  return results;
}

/** The first rule that holds decides, and none keeps the job out. */
function isLeftOut({ rules = [] }: GitlabJob, env: Readonly<Record<string, string | undefined>>): boolean {
  const first = rules.find(rule => {
    const [, left, text, right] = /^\$(\w+) == (?:"([^"]*)"|\$(\w+))$/.exec(rule.if) ?? [];
    assert.ok(left !== undefined, rule.if);
    return env[left] !== undefined && env[left] === (right === undefined ? text : env[right]);
  });
  return first === undefined || first.when === 'never';
}
