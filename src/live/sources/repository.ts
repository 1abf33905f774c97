/** The mirror of the repository that the switch follows: a bare repository of its own, which nobody else writes. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describedBy } from '../../config/read/git-commit.ts';
import type { VersionCommit } from '../../history/history.ts';
import { Git, type GitAccess, GitError } from './git.ts';

export interface RepositoryOptions {
  /** Of the mirror, absolute. */
  readonly path: string;
  readonly url: string;
  readonly branch: string;
  /** Of the configuration within; '' is the top. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of each fetch. */
  readonly access: () => GitAccess;
  /** Ends whatever runs. */
  readonly signal: AbortSignal;
  readonly withTags: boolean;
}

export interface TreeFile {
  /** Relative to the directory of the configuration, with forward slashes. */
  readonly path: string;
  readonly kind: 'file' | 'link';
  readonly object: string;
  readonly bytes: number;
}

/** Nobody has a network of rates this large, and a mistake must not fill the disk. */
export const treeLimits = { files: 100_000, bytes: 4 * 2 ** 30 };
const longWork = { timeoutMs: 10 * 60_000, mostFileBytes: 8 * 2 ** 30 };
const commitSyntax = /^[0-9a-f]{40,64}$/;
/** How far back a signed tag is looked for. */
const commitsLookedBack = 1000;

/** What git says of a fetch may be words of the remote about itself. */
export class FetchError extends GitError {
  constructor({ kind, message, exitCode, said }: GitError) {
    super(kind, message, exitCode, said);
    this.name = 'FetchError';
  }
}

/** A commit that is there as a whole, and that no directory can be made of. */
export class UnfitCommit extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnfitCommit';
  }
}

export class Repository {
  readonly #options: RepositoryOptions;
  readonly #git: Git;
  /** What the references of this source begin with: another branch of the same repository has its own. */
  readonly #refs: string;

  constructor(options: RepositoryOptions) {
    this.#options = options;
    this.#git = new Git({ repository: options.path, env: options.env });
    const identity = JSON.stringify([options.url, options.branch, options.directory]);
    this.#refs = `refs/class4/${createHash('sha256').update(identity).digest('hex').slice(0, 16)}`;
  }

  get git(): Git {
    return this.#git;
  }

  /**
   * Makes the mirror when there is none, and cleans up after a predecessor that was killed. One that is damaged stays for as
   * long as nobody knows whether the remote is there to make another one.
   * @throws GitError
   */
  async open(): Promise<void> {
    const { path } = this.#options;
    // The new one was not there yet when the switch was killed.
    if (existsSync(this.#aside)) await this.putBack();
    if (existsSync(path)) {
      await this.#removeLeftovers();
      if (await this.#isRepository()) return;
      await rm(path, { recursive: true, force: true });
    }
    await this.#make();
  }

  /**
   * Brings what is new, and returns the commit that the branch is at.
   * @throws FetchError when the remote is away, knows neither us nor the branch, or sends what is no good
   */
  async fetch(): Promise<string> {
    const { url, branch, withTags, access } = this.#options;
    const tags = withTags ? [`+refs/tags/*:${this.#refs}/tags/*`] : [];
    const args = ['fetch', '--quiet', '--no-tags', '--no-auto-maintenance', '--no-write-fetch-head'];
    const refs = [`+refs/heads/${branch}:${this.#refs}/fetched`, ...tags];
    // Without an upload-pack of its own choosing and without submodules, whatever the URL looks like.
    const run = { ...longWork, access: access() };
    try {
      await this.#run([...args, ...(withTags ? ['--prune'] : []), '--', url, ...refs], run);
    } catch (error) {
      await this.#removeLeftovers().catch(() => undefined);
      throw error instanceof GitError ? new FetchError(error) : error;
    }
    const head = await this.#reference('fetched');
    if (head === null) throw new Error(`the branch ${branch} leads to no commit`);
    return head;
  }

  /** The commit that was found good last, also by a predecessor; null when none was. */
  lastGood(): Promise<string | null> {
    return this.#reference('good');
  }

  /** The head of the branch that was taken last: what a new one has to contain, unless somebody forced it. */
  lastTaken(): Promise<string | null> {
    return this.#reference('taken');
  }

  /** Durable when it resolves; the commit is not forgotten even when no branch has it any more. */
  async keepAsGood(commit: string): Promise<void> {
    await this.#run(['update-ref', `${this.#refs}/good`, commit]);
  }

  async keepAsTaken(commit: string): Promise<void> {
    await this.#run(['update-ref', `${this.#refs}/taken`, commit]);
  }

  /** Whether all of the history of `ancestor` is in that of `commit`. */
  contains(commit: string, ancestor: string): Promise<boolean> {
    const { signal } = this.#options;
    return this.#git.isTrue(['merge-base', '--is-ancestor', ancestor, commit], { signal });
  }

  async describe(commit: string): Promise<VersionCommit> {
    const format = '--format=%H%x00%an <%ae>%x00%ct%x00%s';
    const text = await this.#run(['show', '--no-show-signature', '--no-patch', '--no-notes', format, commit]);
    const [hash = '', author = '', committed = '', subject = ''] = text.trimEnd().split('\0');
    return { commit: hash, ...describedBy(author, committed, subject) };
  }

  /** The files of the configuration in a commit. @throws UnfitCommit when they are not what a directory may hold */
  async files(commit: string): Promise<readonly TreeFile[]> {
    const { directory, signal } = this.#options;
    const tree = directory === '' ? `${commit}^{tree}` : `${commit}:${directory}`;
    let text: string;
    try {
      const run = { mostBytes: 64 * 2 ** 20, signal };
      text = await this.#git.run(['ls-tree', '-r', '-l', '-z', '--full-tree', tree], run);
    } catch (error) {
      if (error instanceof GitError && directory !== '' && /not a valid|not a tree|exist/i.test(error.said)) {
        throw new UnfitCommit(`the commit has no directory ${directory}`);
      }
      throw error;
    }
    return checkedTree(text);
  }

  /** The tags of the repository that point at the branch, from its newest commit back. */
  async tagsFrom(head: string): Promise<readonly { readonly tag: string; readonly commit: string }[]> {
    const format = '--format=%(objecttype) %(*objecttype) %(*objectname) %(refname)';
    const listed = await this.#run(['for-each-ref', format, `${this.#refs}/tags/`]);
    const byCommit = new Map<string, string[]>();
    for (const line of listed.split('\n')) {
      const [, commit, tag] = /^tag commit ([0-9a-f]{40,64}) (.+)$/.exec(line) ?? [];
      if (commit === undefined || tag === undefined) continue;
      byCommit.set(commit, [...(byCommit.get(commit) ?? []), tag]);
    }
    if (byCommit.size === 0) return [];
    const commits = await this.#run(['rev-list', '--first-parent', `-n${commitsLookedBack}`, head, '--']);
    return commits.split('\n').flatMap(commit => (byCommit.get(commit) ?? []).map(tag => ({ tag, commit })));
  }

  /** A commit that somebody may still find good; the one that had this slot before may be forgotten. */
  async keepAsGiven(commit: string, slot: number): Promise<void> {
    await this.#run(['update-ref', `${this.#refs}/given-${slot}`, commit]);
  }

  /**
   * Packs what many small fetches brought, and forgets at once what a forced push left behind: nobody else looks into the
   * mirror. It may fail, and then nothing is lost.
   */
  async tidy(): Promise<void> {
    const settings = ['gc.auto=500', 'gc.autoPackLimit=20', 'gc.pruneExpire=now', 'gc.cruftPacks=false'];
    const args = settings.flatMap(setting => ['-c', setting]);
    await this.#run([...args, 'gc', '--auto', '--quiet'], longWork);
  }

  /** Makes an empty mirror in the place of this one, which `putBack` or `forgetOld` is to decide about. */
  async beginAnew(): Promise<void> {
    const { path } = this.#options;
    await rm(this.#aside, { recursive: true, force: true });
    await rename(path, this.#aside);
    await this.#make();
  }

  async putBack(): Promise<void> {
    const { path } = this.#options;
    await rm(path, { recursive: true, force: true });
    await rename(this.#aside, path);
  }

  async forgetOld(): Promise<void> {
    await rm(this.#aside, { recursive: true, force: true });
  }

  get #aside(): string {
    return `${this.#options.path}.damaged`;
  }

  async #make(): Promise<void> {
    const { path } = this.#options;
    await mkdir(path, { recursive: true, mode: 0o700 });
    await this.#run(['init', '--quiet', '--bare', '--template=', path]);
  }

  async #isRepository(): Promise<boolean> {
    try {
      await this.#run(['rev-parse', '--git-dir']);
      return true;
    } catch (error) {
      if (error instanceof GitError && error.kind === 'failed') return false;
      throw error;
    }
  }

  /** Every object that a reference needs is there; with `thorough` each one is read, which takes a while. */
  async isSound(thorough = false): Promise<boolean> {
    const depth = thorough ? [] : ['--connectivity-only'];
    try {
      await this.#run(['rev-parse', '--git-dir']);
      await this.#run(['fsck', ...depth, '--no-dangling', '--no-progress'], longWork);
      return true;
    } catch (error) {
      if (error instanceof GitError && error.kind === 'failed') return false;
      throw error;
    }
  }

  async #reference(name: string): Promise<string | null> {
    const text = await this.#run([
      'for-each-ref',
      '--format=%(objectname) %(objecttype)',
      `${this.#refs}/${name}`,
    ]);
    const [, commit] = /^(\S+) commit$/m.exec(text) ?? [];
    return commit !== undefined && commitSyntax.test(commit) ? commit : null;
  }

  #run(args: readonly string[], run: Parameters<Git['run']>[1] = {}): Promise<string> {
    return this.#git.run(args, { ...run, signal: this.#options.signal });
  }

  /** Locks and halves of packs: the switch owns the mirror, so whoever made them is dead. */
  async #removeLeftovers(): Promise<void> {
    const { path } = this.#options;
    for (const folder of ['.', 'refs', 'objects/pack', 'objects']) {
      const recursive = folder === 'refs';
      const names = await readdir(join(path, folder), { recursive }).catch(() => [] as string[]);
      const left = names.filter(name => name.endsWith('.lock') || /(?:^|\/)tmp_/.test(name));
      await Promise.all(left.map(name => rm(join(path, folder, name), { recursive: true, force: true })));
    }
  }
}

function checkedTree(text: string): readonly TreeFile[] {
  const files: TreeFile[] = [];
  let bytes = 0;
  for (const line of text.split('\0')) {
    if (line === '') continue;
    const [, mode, type, object, size, path] =
      /^(\d+) (\w+) ([0-9a-f]+) +(\d+|-)\t([\s\S]+)$/.exec(line) ?? [];
    if (mode === undefined || object === undefined || path === undefined) {
      throw new Error('git lists the files of the commit in a form that is not known');
    }
    // A submodule is another repository, and nothing of a configuration.
    if (type !== 'blob') continue;
    checkPath(path);
    bytes += Number(size);
    files.push({ path, kind: mode === '120000' ? 'link' : 'file', object, bytes: Number(size) });
  }
  if (files.length > treeLimits.files) {
    throw new UnfitCommit(`the commit has ${files.length} files; at most ${treeLimits.files} are taken`);
  }
  if (bytes > treeLimits.bytes) {
    throw new UnfitCommit(
      `the files of the commit have ${bytes} bytes; at most ${treeLimits.bytes} are taken`,
    );
  }
  return files;
}

/** In bytes: what file systems take. */
const longestName = 255;
/** Beside the directory of the checkouts. */
const longestPath = 2048;

/** Git itself lets none of these into a work tree; a tree that was made by hand can hold them. */
function checkPath(path: string): void {
  const isStrange = path
    .split('/')
    .some(
      name =>
        name === '' ||
        name === '.' ||
        name === '..' ||
        /^\.git$/i.test(name) ||
        name.includes('\uFFFD') ||
        Buffer.byteLength(name) > longestName,
    );
  if (Buffer.byteLength(path) > longestPath) {
    throw new UnfitCommit(`the commit has a file with a path that is too long: ${shortened(path)}`);
  }
  if (isStrange)
    throw new UnfitCommit(`the commit has a file with a name that cannot be: ${shortened(path)}`);
}

function shortened(path: string): string {
  return path.length > 100 ? `${JSON.stringify(path.slice(0, 100))}…` : JSON.stringify(path);
}
