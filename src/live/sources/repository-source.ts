/** A branch of a git repository as the source of configurations. */
import type { LoadOptions } from '../../config/load.ts';
import type { GitSourceSettings } from '../../config/source-settings.ts';
import type { Logger } from '../../diagnostics/logger.ts';
import type { VersionCommit } from '../../history/history.ts';
import type { Clock, Timers } from '../clock.ts';
import { errorsAmong } from '../configuration/listed-findings.ts';
import type { Candidate, ConfigurationSource, Reading } from '../configuration/source.ts';
import type { LoadedConfiguration } from '../loading-thread.ts';
import { messageOf } from '../performer.ts';
import { isoTime } from '../reports.ts';
import { StartError } from '../start-error.ts';
import { Follower } from './follower.ts';
import type { Candidate as Commit, GitSource } from './git-source.ts';
import type { GitSourceReport } from './source-report.ts';

export interface RepositorySourceOptions {
  readonly settings: GitSourceSettings;
  readonly git: Pick<GitSource, 'lastGood' | 'look' | 'keepAsGood' | 'close' | 'counters'>;
  readonly load: (checkout: NonNullable<LoadOptions['checkout']>) => Promise<LoadedConfiguration>;
  /** null when the scenarios of the commit pass, or why it does not serve. */
  readonly playScenarios: (directory: string, signal: AbortSignal) => Promise<string | null>;
  readonly log: Logger;
  readonly clock: Clock;
  readonly timers: Timers;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/** More than can be waiting to be kept. */
const commitsRemembered = 10;

export class RepositorySource implements ConfigurationSource {
  readonly #options: RepositorySourceOptions;
  readonly #follower: Follower;
  readonly #stopping = new AbortController();
  #listener = (): void => {};
  #changes = 0;
  /** What is to be loaded: the commit that was found last. */
  #found: Commit | null = null;
  #read: Commit | null = null;
  #good: Commit | null = null;
  #refused: { readonly commit: string; readonly reason: string } | null = null;
  /** Whose scenarios passed, which they always will. */
  #passed: Commit | null = null;
  #playing: { readonly commit: string; readonly sinceMs: number } | null = null;
  readonly #played = { scenariosPassed: 0, scenariosFailed: 0 };
  #webhook: string | null = null;
  #described: readonly VersionCommit[] = [];

  constructor(options: RepositorySourceOptions) {
    this.#options = options;
    const { git, settings, log, clock, timers, random } = options;
    this.#follower = new Follower({
      look: () => git.look(),
      onCandidate: commit => this.#find(commit),
      intervalMs: settings.fetchIntervalMs,
      ...{ log, clock, timers, random },
    });
  }

  get changes(): number {
    return this.#changes;
  }

  onChange(listener: () => void): void {
    this.#listener = listener;
  }

  /**
   * What the switch starts with: the commit that was good last, without waiting for anybody, or what the branch is at
   * when there is none.
   * @throws StartError
   */
  async first(): Promise<Candidate> {
    const lastGood = await this.#lastGood();
    if (lastGood !== null) return lastGood;
    const failure = await this.#follower.lookNow();
    const { repository, branch } = this.#options.settings;
    const what = `the branch ${branch} of ${repository}`;
    if (failure !== null) {
      throw new StartError(`${what} cannot be read: ${failure}`, {
        hint: 'nothing of it served here before; see docs/sources.md for credentials, keys of hosts and proxies',
      });
    }
    const reading = await this.read(false);
    if (reading.outcome === 'good') return reading.candidate;
    if (reading.outcome === 'refused') {
      const reason = reading.failure ?? 'the configuration has errors';
      throw new StartError(`${what} cannot serve: ${reason}`, { diagnostics: reading.diagnostics });
    }
    throw new StartError(`${what} cannot serve: ${this.#follower.status().refused?.reason ?? 'it is empty'}`);
  }

  /** From now on the branch is looked at, at once for the first time. `webhook` is where pokes are heard. */
  start(webhook: string | null): void {
    this.#webhook = webhook;
    this.#follower.start();
  }

  /** Somebody with the secret says that the branch changed. */
  poke(): void {
    this.#follower.poke();
  }

  /** A commit is whole when it is told of. */
  rest(): Promise<void> {
    return Promise.resolve();
  }

  async read(forced: boolean): Promise<Reading> {
    if (forced) {
      const failure = await this.#follower.lookNow();
      if (failure !== null) return refused(`the repository cannot be followed at the moment: ${failure}`);
      const refusal = this.#follower.status().refused;
      if (refusal !== null) return refused(`commit ${refusal.commit.slice(0, 12)}: ${refusal.reason}`);
    }
    const found = this.#found;
    if (found === null || (!forced && found === this.#read)) return { outcome: 'unread' };
    const reading = await this.#load(found);
    // The files of a commit that was followed by others may be gone already.
    if (reading.outcome === 'refused' && this.#found !== found) return { outcome: 'moving' };
    this.#read = found;
    this.#refused =
      reading.outcome === 'refused' ? { commit: found.commit.commit, reason: reasonOf(reading) } : null;
    if (reading.outcome === 'good') await this.#keepAsGood(found);
    return reading;
  }

  /** What the repository says of a commit that was read lately. */
  commit(hash: string | null): VersionCommit | null {
    return this.#described.find(({ commit }) => commit === hash) ?? null;
  }

  status(): GitSourceReport {
    const { repository, branch, directory } = this.#options.settings;
    const seen = this.#follower.status();
    return {
      kind: 'git',
      repository,
      branch,
      directory: directory === '' ? '.' : directory,
      commit: this.#good?.commit.commit ?? null,
      head: seen.head,
      lastFetchAt: timeOrNull(seen.lastFetchAtMs),
      lastSuccessAt: timeOrNull(seen.lastSuccessAtMs),
      ageSeconds:
        seen.lastSuccessAtMs === null
          ? null
          : Math.max(0, Math.floor((this.#options.clock() - seen.lastSuccessAtMs) / 1000)),
      lastError: seen.lastError,
      failures: seen.failures,
      nextFetchAt: timeOrNull(seen.nextFetchAtMs),
      refused: seen.refused ?? this.#refused,
      playing:
        this.#playing === null
          ? null
          : { commit: this.#playing.commit, since: isoTime(this.#playing.sinceMs) },
      webhook: this.#webhook,
    };
  }

  counters(): Readonly<Record<string, number>> {
    return { ...this.#follower.counters, ...this.#options.git.counters, ...this.#played };
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    this.#options.git.close();
    await this.#follower.close();
  }

  #find(commit: Commit): void {
    const { commit: hash, author, subject } = commit.commit;
    this.#options.log.info('The branch is at another commit', { commit: hash, author, subject });
    this.#found = commit;
    this.#changes += 1;
    this.#listener();
  }

  async #lastGood(): Promise<Candidate | null> {
    const { git, log } = this.#options;
    try {
      const commit = await git.lastGood();
      if (commit === null) return null;
      // It was found good once, scenarios and all.
      this.#passed = commit;
      const reading = await this.#load(commit);
      if (reading.outcome === 'good') {
        this.#found = commit;
        this.#read = commit;
        this.#good = commit;
        return reading.candidate;
      }
      const reason = reading.outcome === 'refused' ? reasonOf(reading) : reading.outcome;
      log.warn('The commit that served last cannot be loaded any more', {
        commit: commit.commit.commit,
        reason,
      });
    } catch (error) {
      log.warn('The commit that served last is lost; the repository is asked', { error: messageOf(error) });
    }
    return null;
  }

  async #load(found: Commit): Promise<Reading> {
    const { load, settings } = this.#options;
    const { commit, author } = found.commit;
    this.#described = [found.commit, ...this.#described].slice(0, commitsRemembered);
    let loaded: LoadedConfiguration;
    try {
      loaded = await load({ directory: found.directory, commit });
    } catch (error) {
      return refused(messageOf(error));
    }
    const { snapshot, diagnostics } = loaded;
    if (snapshot === null) return { outcome: 'refused', diagnostics, failure: null };
    if (settings.scenariosRequired && this.#passed !== found) {
      const problem = await this.#play(found);
      // Whoever stops the switch ends them, which says nothing about the commit.
      if (this.#stopping.signal.aborted) return { outcome: 'moving' };
      if (problem !== null) return { outcome: 'refused', diagnostics, failure: problem };
      this.#passed = found;
    }
    return {
      outcome: 'good',
      candidate: { snapshot, diagnostics, cause: 'git', by: author, commit: found.commit },
    };
  }

  async #play({ commit: { commit }, directory }: Commit): Promise<string | null> {
    const { playScenarios, log, clock } = this.#options;
    const sinceMs = clock();
    this.#playing = { commit, sinceMs };
    log.info('The scenarios of the commit are played before it may serve', { commit });
    try {
      const problem = await playScenarios(directory, this.#stopping.signal);
      this.#played[problem === null ? 'scenariosPassed' : 'scenariosFailed'] += 1;
      if (problem === null) {
        log.info('The scenarios of the commit pass', { commit, seconds: (clock() - sinceMs) / 1000 });
      }
      return problem;
    } finally {
      this.#playing = null;
    }
  }

  /** A disk that does not take it must not keep a good commit from serving. */
  async #keepAsGood(found: Commit): Promise<void> {
    const { git, log } = this.#options;
    this.#good = found;
    try {
      await git.keepAsGood(found);
    } catch (error) {
      log.warn('It could not be noted which commit is good; a restart may begin with an older one', {
        commit: found.commit.commit,
        error: messageOf(error),
      });
    }
  }
}

function refused(failure: string): Reading {
  return { outcome: 'refused', diagnostics: [], failure };
}

function reasonOf({ failure, diagnostics }: Extract<Reading, { readonly outcome: 'refused' }>): string {
  if (failure !== null) return failure;
  const first = diagnostics.find(({ severity }) => severity === 'error');
  if (first === undefined) return 'it cannot be loaded';
  const { place, code, message } = first;
  const errors = errorsAmong(diagnostics);
  const more = errors === 1 ? '' : ` (and ${errors - 1} more)`;
  return `${place.file}:${place.line}:${place.column} ${code} ${message}${more}`;
}

function timeOrNull(atMs: number | null): string | null {
  return atMs === null ? null : isoTime(atMs);
}
