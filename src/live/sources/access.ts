/** How git is let into a repository: which protocol, which credentials. Secrets stand in no argument, URL or file. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { GitSourceSettings } from '../../config/source-settings.ts';
import type { GitAccess } from './git.ts';

export interface AccessOptions {
  readonly settings: Pick<GitSourceSettings, 'repository' | 'credentials' | 'caFile'>;
  /** What files are relative to. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type Protocol = 'https' | 'ssh' | 'file';

/** The schema lets no other pass. */
export function protocolOf(repository: string): Protocol {
  if (repository.startsWith('https://')) return 'https';
  return repository.startsWith('file://') ? 'file' : 'ssh';
}

/**
 * Secrets are read each time, because whoever hands them out renews them.
 * @throws Error naming where the secret was looked for, never the secret
 */
export function gitAccess({ settings, directory, env }: AccessOptions): GitAccess {
  const { repository, credentials, caFile } = settings;
  const protocol = protocolOf(repository);
  const allowed: GitAccess['settings'] = [[`protocol.${protocol}.allow`, 'always']];
  const trusted: GitAccess['settings'] =
    caFile === null ? [] : [['http.sslCAInfo', resolve(directory, caFile)]];
  if (credentials === null) {
    return {
      settings: [...allowed, ...trusted],
      env: protocol === 'ssh' ? { GIT_SSH_COMMAND: sshCommand([]) } : {},
      secrets: [],
    };
  }
  if (credentials.kind === 'sshKey') {
    const files = [
      ['IdentityFile', resolve(directory, credentials.keyFile)],
      ['UserKnownHostsFile', resolve(directory, credentials.knownHostsFile)],
    ] as const;
    return { settings: allowed, env: { GIT_SSH_COMMAND: sshCommand(files) }, secrets: [] };
  }
  const token = secretText(credentials.token, directory, env);
  const basic = Buffer.from(`${credentials.user}:${token}`).toString('base64');
  const { origin } = new URL(repository);
  return {
    settings: [...allowed, ...trusted, [`http.${origin}/.extraHeader`, `Authorization: Basic ${basic}`]],
    env: {},
    secrets: [token, basic],
  };
}

/** Asks nobody, takes no key of the user or an agent, and connects to no host that it does not know. */
function sshCommand(files: readonly (readonly [option: string, path: string])[]): string {
  const options: readonly (readonly [string, string])[] = [
    ['BatchMode', 'yes'],
    ['StrictHostKeyChecking', 'yes'],
    ['IdentitiesOnly', 'yes'],
    ['IdentityAgent', 'none'],
    ['ForwardAgent', 'no'],
    ['ConnectTimeout', '15'],
    ['ServerAliveInterval', '15'],
    ['ServerAliveCountMax', '2'],
    ['GlobalKnownHostsFile', '/dev/null'],
    ...files,
  ];
  const words = options.flatMap(([option, value]) => [
    '-o',
    // ssh itself takes quotes apart, and knows %-tokens in paths.
    `${option}="${value.replaceAll('%', '%%')}"`,
  ]);
  return ['ssh', '-F', '/dev/null', ...words].map(shellWord).join(' ');
}

function shellWord(word: string): string {
  return /^[\w./=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** @throws Error that names the place and not the secret */
export function secretText(
  reference: { readonly env: string } | { readonly file: string },
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  if ('env' in reference) {
    const secret = env[reference.env];
    if (secret !== undefined && secret !== '') return secret;
    throw new Error(`the environment variable ${reference.env} holds no secret`);
  }
  const path = resolve(directory, reference.file);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`cannot read the secret in ${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
  const secret = text.split('\n', 1)[0]!.trim();
  if (secret !== '') return secret;
  throw new Error(`the secret file ${path} is empty`);
}
