/** Finds the commit of a followed branch that is to be loaded, and puts its files where they can be read. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitSourceSettings } from '../../config/source-settings.ts';
import type { Logger } from '../../diagnostics/logger.ts';
import type { VersionCommit } from '../../history/history.ts';
import { messageOf } from '../performer.ts';
import { gitAccess } from './access.ts';
import { type CheckedOut, checkOut } from './checkout.ts';
import { GitError } from './git.ts';
import { FetchError, Repository, UnfitCommit } from './repository.ts';
import { signatureProblem } from './signatures.ts';

export interface GitSourceOptions {
  readonly settings: GitSourceSettings;
  /** The directory of the switch: files of secrets are relative to it, and mirror and checkouts stand in its var/. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
}

/** A commit whose files stand in a directory that nobody changes. */
export interface Candidate extends CheckedOut {
  readonly commit: VersionCommit;
}

export type Look =
  | { readonly outcome: 'unchanged'; readonly head: string }
  | { readonly outcome: 'new'; readonly head: string; readonly candidate: Candidate }
  /** Not to be loaded at all. */
  | { readonly outcome: 'refused'; readonly head: string; readonly reason: string };

export interface GitSourceCounters {
  forcedPushes: number;
  unsigned: number;
  mirrorsMade: number;
}

/** Of files that a switch makes for itself. */
export const sourceFolder = join('var', 'source');
/** Commits whose files are kept: one that is read, one that waits, and one to share files with. */
const mostGiven = 3;
const mostUntidy = 20;
const oldestGit: readonly [number, number] = [2, 34];

export class GitSource {
  readonly counters: GitSourceCounters = { forcedPushes: 0, unsigned: 0, mirrorsMade: 0 };
  readonly #options: GitSourceOptions;
  readonly #repository: Repository;
  readonly #stopping = new AbortController();
  readonly #checkouts: string;
  /** What was given out last, and the ones before it that somebody may still read. */
  #given: readonly Candidate[] = [];
  #slot = 0;
  /** Commits since the mirror was tidied. */
  #untidy = 0;
  /** The commit that was told last. */
  #told: string | null = null;
  /** The head that is noted as taken. */
  #taken: string | null = null;
  /** The commit that was found good last. */
  #good: string | null = null;
  /** Whether the mirror was looked into since it was fetched into last, for failures with words of damage and without. */
  readonly #lookedInto = new Set<boolean>();
  #saidForced = '';

  constructor(options: GitSourceOptions) {
    const { settings, directory, env } = options;
    this.#options = options;
    this.#checkouts = join(directory, sourceFolder, 'checkouts');
    this.#repository = new Repository({
      path: join(directory, sourceFolder, 'mirror.git'),
      url: settings.repository,
      branch: settings.branch,
      directory: settings.directory,
      env,
      access: () => gitAccess({ settings, directory, env }),
      signal: this.#stopping.signal,
      withTags: settings.signatures?.of === 'tags',
    });
  }

  /** The directory must be ours alone from here on. @throws Error when there is no git that will do */
  async open(): Promise<void> {
    // A checkout of a predecessor may be half of one after a power cut; the mirror is checked, and makes it anew.
    await rm(this.#checkouts, { recursive: true, force: true });
    await mkdir(this.#checkouts, { recursive: true, mode: 0o700 });
    await this.#repository.open();
    await this.#mustBeNewEnough();
  }

  /** The commit that was good last, for a start that waits for nobody; null when there never was one. */
  async lastGood(): Promise<Candidate | null> {
    const commit = await this.#repository.lastGood();
    if (commit === null) return null;
    const candidate = await this.#give(commit);
    this.#told = commit;
    return candidate;
  }

  /** Fetches, and finds what is to be loaded now. @throws Error when the remote is away or of no use */
  async look(): Promise<Look> {
    try {
      const look = await this.#look();
      this.#lookedInto.clear();
      return look;
    } catch (error) {
      if (!(await this.#isDamaged(error))) throw error;
      const look = await this.#startOver(error);
      // When the branch does not have it any more, it is lost to a restart.
      if (this.#good !== null) await this.#repository.keepAsGood(this.#good).catch(() => undefined);
      return look;
    }
  }

  async #look(): Promise<Look> {
    const head = await this.#repository.fetch();
    const rewritten = await this.#rewritten(head);
    if (rewritten !== null) return { outcome: 'refused', head, reason: rewritten };
    const signed = await this.#signedCommit(head);
    if ('problem' in signed) return { outcome: 'refused', head, reason: signed.problem };
    const { commit } = signed;
    if (this.#taken !== head) await this.#repository.keepAsTaken(head);
    this.#taken = head;
    if (this.#told === commit) {
      await this.#tidy(1);
      return { outcome: 'unchanged', head };
    }
    const candidate = await this.#giveOrSay(commit);
    if (typeof candidate === 'string') return { outcome: 'refused', head, reason: candidate };
    this.#untidy += 1;
    // It takes a while, for which nobody should wait; but a branch that never rests must be tidied too.
    await this.#tidy(mostUntidy);
    this.#told = commit;
    return { outcome: 'new', head, candidate };
  }

  async #tidy(when: number): Promise<void> {
    if (this.#untidy < when) return;
    this.#untidy = 0;
    await this.#repository.tidy().catch((error: unknown) => {
      if (this.#stopping.signal.aborted) return;
      this.#options.log.warn('The mirror of the repository cannot be tidied', { error: messageOf(error) });
    });
  }

  /** It serves a restart while the remote is away. */
  async keepAsGood(candidate: Candidate): Promise<void> {
    this.#good = candidate.commit.commit;
    await this.#repository.keepAsGood(this.#good);
  }

  /** Ends whatever git does. */
  close(): void {
    this.#stopping.abort();
  }

  /** Why it cannot be given, when that is the commit's own fault. */
  async #giveOrSay(commit: string): Promise<Candidate | string> {
    try {
      return await this.#give(commit);
    } catch (error) {
      if (error instanceof UnfitCommit) return error.message;
      throw error;
    }
  }

  async #give(commit: string): Promise<Candidate> {
    const described = await this.#repository.describe(commit);
    const files = await this.#repository.files(commit);
    const known = this.#given.find(given => given.commit.commit === commit);
    if (known !== undefined) {
      this.#given = [known, ...this.#given.filter(given => given !== known)];
      return known;
    }
    const checkedOut = await checkOut({
      git: this.#repository.git,
      files,
      directory: join(this.#checkouts, commit),
      like: this.#given[0] ?? null,
      signal: this.#stopping.signal,
    });
    // It may be found good when the branch has long been elsewhere.
    await this.#repository.keepAsGiven(commit, this.#slot);
    this.#slot = (this.#slot + 1) % mostGiven;
    const candidate = { ...checkedOut, commit: described };
    this.#given = [candidate, ...this.#given].slice(0, mostGiven);
    await this.#prune();
    return candidate;
  }

  async #prune(): Promise<void> {
    const kept = new Set(this.#given.map(({ commit }) => commit.commit));
    const old = (await readdir(this.#checkouts)).filter(name => !kept.has(name));
    await Promise.all(old.map(name => rm(join(this.#checkouts, name), { recursive: true, force: true })));
  }

  /** null when the branch went on from where it was, or may be anywhere; otherwise why it is not followed. */
  async #rewritten(head: string): Promise<string | null> {
    const { settings, log } = this.#options;
    const before = await this.#repository.lastTaken();
    if (before === null || before === head || (await this.#repository.contains(head, before))) return null;
    const went = (await this.#repository.contains(before, head)) ? 'went back' : 'was rewritten';
    const { branch, fastForwardOnly } = settings;
    if (this.#saidForced !== `${before} ${head}`) {
      this.#saidForced = `${before} ${head}`;
      this.counters.forcedPushes += 1;
      const what = fastForwardOnly ? 'it is not followed there' : 'it is followed there';
      log.warn(`The branch ${went} by a forced push; ${what}`, { branch, before, head });
    }
    return fastForwardOnly
      ? `the branch ${branch} ${went} by a forced push, and fastForwardOnly is set`
      : null;
  }

  async #signedCommit(head: string): Promise<{ readonly commit: string } | { readonly problem: string }> {
    const { settings } = this.#options;
    if (settings.signatures === null) return { commit: head };
    if (settings.signatures.of === 'commits') {
      const problem = await this.#signatureProblem('commit', head);
      return problem === null ? { commit: head } : { problem: `the commit must be signed: ${problem}` };
    }
    const tags = await this.#repository.tagsFrom(head);
    const problems: string[] = [];
    for (const { tag, commit } of tags) {
      const problem = await this.#signatureProblem('tag', tag);
      if (problem === null) return { commit };
      problems.push(`${tag.replace(/^.*\/tags\//, '')}: ${problem}`);
      if (problems.length === mostTagsTried) break;
    }
    const found = problems.length === 0 ? 'there is no annotated tag on the branch' : problems.join('; ');
    return { problem: `a signed tag must point at the commit: ${found}` };
  }

  async #signatureProblem(kind: 'commit' | 'tag', name: string): Promise<string | null> {
    const { settings, directory, env } = this.#options;
    const problem = await signatureProblem(
      { kind, name },
      {
        git: this.#repository.git,
        settings: settings.signatures!,
        directory,
        keyringDirectory: join(directory, sourceFolder, 'gnupg'),
        env,
        signal: this.#stopping.signal,
      },
    );
    if (problem !== null) this.counters.unsigned += 1;
    return problem;
  }

  /** Words of a fetch may be those of a damaged remote, which must not cost us what we have. */
  async #isDamaged(error: unknown): Promise<boolean> {
    if (!(error instanceof GitError) || error.kind !== 'failed') return false;
    const isSaid = isDamage(error);
    if (isSaid && !(error instanceof FetchError)) return true;
    // Looking takes a while, and failures come again and again.
    if (this.#lookedInto.has(isSaid)) return false;
    this.#lookedInto.add(isSaid);
    return !(await this.#repository.isSound(isSaid));
  }

  /** The mirror holds nothing that the remote does not have. */
  async #startOver(error: unknown): Promise<Look> {
    this.counters.mirrorsMade += 1;
    this.#taken = null;
    this.#options.log.warn('The mirror of the repository is damaged and is made anew', {
      error: messageOf(error),
    });
    await this.#repository.beginAnew();
    try {
      const look = await this.#look();
      this.#lookedInto.clear();
      await this.#repository.forgetOld();
      return look;
    } catch (problem) {
      // The old one may still have what was good, and the remote is not there to give it.
      await this.#repository.putBack();
      throw problem;
    }
  }

  async #mustBeNewEnough(): Promise<void> {
    const text = await this.#repository.git.run(['version'], { signal: this.#stopping.signal });
    const [, major, minor] = /(\d+)\.(\d+)/.exec(text) ?? [];
    const [leastMajor, leastMinor] = oldestGit;
    const isEnough =
      Number(major) > leastMajor || (Number(major) === leastMajor && Number(minor) >= leastMinor);
    if (!isEnough) throw new Error(`${text.trim()} is too old: ${oldestGit.join('.')} or newer is needed`);
  }
}

/** Each costs a process. */
const mostTagsTried = 10;

/** What git says of its own objects, and not of a remote that is away. */
function isDamage(error: unknown): boolean {
  if (!(error instanceof GitError) || error.kind !== 'failed' || /remote error/.test(error.said))
    return false;
  return /corrupt|inflate|not a git repository: |bad object|missing (?:blob|tree|commit)|unable to read|loose object|packfile|object file|broken pack|unable to find|unknown object type|cannot read existing/i.test(
    error.said,
  );
}
