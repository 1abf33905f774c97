/** Whether a commit or a tag carries the signature of somebody who may sign. */
import { execFile } from 'node:child_process';
import { access, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { SignatureSettings } from '../../config/source-settings.ts';
import { type Git, type GitAccess, GitError, noAccess } from './git.ts';
import { plainEnvironment } from './plain-environment.ts';

const execute = promisify(execFile);

export interface SignatureOptions {
  readonly git: Git;
  readonly settings: SignatureSettings;
  /** What the files of keys are relative to. */
  readonly directory: string;
  /** Where a keyring can be made; no other one is ever looked into. */
  readonly keyringDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/**
 * null when the signature is good, otherwise what is wrong with it. The keys are read each time: one that is taken out
 * of the file counts no more.
 * @throws Error when the keys cannot be read
 */
export async function signatureProblem(
  object: { readonly kind: 'commit' | 'tag'; readonly name: string },
  options: SignatureOptions,
): Promise<string | null> {
  const { git, signal } = options;
  const access = await signers(options);
  try {
    await git.run([`verify-${object.kind}`, '--raw', object.name], { access, signal });
    return null;
  } catch (error) {
    if (!(error instanceof GitError) || error.kind !== 'failed') throw error;
    return problemIn(error.said);
  }
}

async function signers(options: SignatureOptions): Promise<GitAccess> {
  const { settings, directory } = options;
  const trusted: [string, string][] = [];
  const env: Record<string, string> = {};
  if (settings.allowedSignersFile !== null) {
    const path = resolve(directory, settings.allowedSignersFile);
    await mustBeReadable(path);
    trusted.push(['gpg.ssh.program', 'ssh-keygen'], ['gpg.ssh.allowedSignersFile', path]);
  }
  if (settings.openPgpKeysFile !== null) {
    env['GNUPGHOME'] = await keyring(options, resolve(directory, settings.openPgpKeysFile));
    trusted.push(['gpg.program', 'gpg']);
  }
  return { ...noAccess, settings: trusted, env };
}

async function mustBeReadable(path: string): Promise<void> {
  try {
    await access(path);
  } catch (error) {
    throw new Error(`cannot read the keys in ${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** Made anew, so that it holds the keys of the file and no other. */
async function keyring(options: SignatureOptions, keys: string): Promise<string> {
  const { keyringDirectory, env, signal } = options;
  await mustBeReadable(keys);
  await rm(keyringDirectory, { recursive: true, force: true });
  await mkdir(keyringDirectory, { recursive: true, mode: 0o700 });
  const args = ['--batch', '--quiet', '--no-tty', '--no-autostart', '--import', keys];
  try {
    await execute('gpg', args, {
      env: { ...plainEnvironment(env), GNUPGHOME: keyringDirectory },
      timeout: 30_000,
      signal,
    });
  } catch (error) {
    const { stderr, code } = error as { readonly stderr?: string; readonly code?: unknown };
    const reason = stderr?.trim().split('\n', 1)[0] || String(code);
    throw new Error(`gpg cannot read the keys in ${join(keys)}: ${reason}`);
  }
  return keyringDirectory;
}

/** The status lines of gpg, and what ssh-keygen says. */
function problemIn(said: string): string {
  if (/\[GNUPG:\] (?:REVKEYSIG|KEYREVOKED)/.test(said)) return 'its signature is by a key that was revoked';
  if (/\[GNUPG:\] (?:EXPKEYSIG|EXPSIG|KEYEXPIRED)/.test(said))
    return 'its signature or the key of it has expired';
  if (/\[GNUPG:\] BADSIG|Could not verify|incorrect signature/i.test(said)) return 'its signature is wrong';
  if (/\[GNUPG:\] (?:NO_PUBKEY|ERRSIG)|No principal matched|Good "git" signature with/.test(said)) {
    return 'its signature is by a key that is not allowed';
  }
  return said.trim() === '' || /no signature/i.test(said)
    ? 'it carries no signature'
    : 'its signature is none that is allowed';
}
