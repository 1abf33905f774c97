/** Opens the source of the configurations of a switch, whichever it is. */
import { loadSource } from '../../config/parse/source.ts';
import type { GitSourceSettings } from '../../config/source-settings.ts';
import type { Logger } from '../../diagnostics/logger.ts';
import type { Keeping } from '../../history/switch-history.ts';
import type { Clock, Timers } from '../clock.ts';
import { isGitBusy } from '../config-files.ts';
import { DirectorySource } from '../configuration/directory-source.ts';
import type { Candidate, ConfigurationSource } from '../configuration/source.ts';
import type { LoadingThread } from '../loading-thread.ts';
import { messageOf } from '../performer.ts';
import type { Releasers } from '../releasers.ts';
import { StartError } from '../start-error.ts';
import { type Watching, watchConfiguration } from '../watch.ts';
import { secretText } from './access.ts';
import { GitSource } from './git-source.ts';
import { RepositorySource } from './repository-source.ts';
import { scenarioProblem } from './scenario-gate.ts';
import type { SourceReport } from './source-report.ts';
import { openWebhook, type Webhook } from './webhook.ts';

export interface OpenSourceOptions {
  /** Where source.yaml stands, or else the configuration itself. */
  readonly directory: string;
  /** Resolves when nobody else can be a switch of the directory; rejects when somebody is. */
  readonly claim: () => Promise<unknown>;
  readonly loading: Pick<LoadingThread, 'load' | 'loadSteadily' | 'fingerprint' | 'changes'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Takes everything that was opened, also when something fails. */
  readonly releasers: Releasers;
}

export interface OpenedSource {
  readonly source: ConfigurationSource;
  /** What a switch starts with when nothing else was decided. Warnings are for the caller to tell. @throws StartError */
  first(): Promise<Candidate>;
  /** From now on it notices what is new, and what became new since it was opened. @throws StartError */
  begin(): Promise<void>;
  /** Tells what this source knows of the commits that are kept. */
  keepingWith(keeping: Keeping): Keeping;
  report(): SourceReport;
  counters(): Readonly<Record<string, number>>;
}

/** @throws StartError */
export async function openSource(options: OpenSourceOptions): Promise<OpenedSource> {
  const stated = loadSource(options.directory);
  if (stated === null) return openDirectory(options);
  const { settings, diagnostics } = stated;
  if (settings === null) throw new StartError('source.yaml has errors', { diagnostics });
  return openRepository(settings, options);
}

async function openDirectory(options: OpenSourceOptions): Promise<OpenedSource> {
  const { directory, loading, log, clock, timers, releasers } = options;
  const source = new DirectorySource({
    load: () => loading.load(),
    loadSteadily: () => loading.loadSteadily(),
    fingerprint: () => loading.fingerprint(),
    changesSeen: () => loading.changes(),
    isGitBusy: () => isGitBusy(directory),
    ...{ log, clock, timers },
  });
  let printAtStart: string | null = null;
  let watching: Watching | null = null;
  return {
    source,
    async first() {
      printAtStart = await loading.fingerprint();
      const { snapshot, diagnostics } = await loading.load();
      if (snapshot === null) {
        throw new StartError(`the configuration in ${directory} has errors`, { diagnostics });
      }
      return { snapshot, diagnostics, cause: 'edit', by: 'class4' };
    },
    async begin() {
      const onChange = (path: string | null): void => source.noticeChange(path);
      const opened = await watchConfiguration({
        ...{ directory, onChange, log, timers },
        fingerprint: () => loading.fingerprint(),
      });
      watching = opened;
      releasers.add('watching', () => opened.close());
      // Nobody watched while the rest was started, and nobody has looked at the files when a version is held.
      if ((await loading.fingerprint()) !== printAtStart) source.noticeChange();
    },
    keepingWith: keeping => keeping,
    report: () => ({ kind: 'directory', path: directory, polling: watching?.polling ?? false }),
    counters: () => ({}),
  };
}

async function openRepository(
  settings: GitSourceSettings,
  options: OpenSourceOptions,
): Promise<OpenedSource> {
  const { directory, loading, env, log, clock, timers, releasers } = options;
  const git = new GitSource({ settings, directory, env, log });
  const source = new RepositorySource({
    settings,
    git,
    load: checkout => loading.load(checkout),
    playScenarios: (checkout, signal) => scenarioProblem({ directory: checkout, env, signal }),
    ...{ log, clock, timers },
    random: Math.random,
  });
  await options.claim();
  releasers.add('source', () => source.close());
  try {
    await git.open();
  } catch (error) {
    throw new StartError(`the repository cannot be followed: ${messageOf(error)}`, {
      hint: 'a switch with a source.yaml needs git, and a directory var/ that it may write',
      cause: error,
    });
  }
  let webhook: Webhook | null = null;
  return {
    source,
    first: () => source.first(),
    async begin() {
      webhook = await openWebhookOf(settings, options, () => source.poke());
      source.start(webhook?.listening ?? null);
    },
    keepingWith: keeping => ({
      async keep(snapshot, into) {
        const kept = await keeping.keep(snapshot, into);
        return { ...kept, commit: source.commit(snapshot.commit) ?? kept.commit };
      },
    }),
    report: () => source.status(),
    counters: () => ({ ...source.counters(), ...webhook?.counters }),
  };
}

async function openWebhookOf(
  { webhook }: GitSourceSettings,
  { directory, env, log, clock, releasers }: OpenSourceOptions,
  onPoke: () => void,
): Promise<Webhook | null> {
  if (webhook === null) return null;
  const { address, port } = webhook;
  const secret = (): string => secretText(webhook.secret, directory, env);
  try {
    secret();
    const opened = await openWebhook({ address, port, secret, onPoke, log, clock });
    releasers.add('webhook', () => opened.close());
    return opened;
  } catch (error) {
    throw new StartError(`the webhook cannot be heard on ${address} port ${port}: ${messageOf(error)}`, {
      hint: 'see webhook in source.yaml',
      cause: error,
    });
  }
}
