/** Where the configuration of a switch comes from when it is no directory: what source.yaml says. */
import type { SecretReference } from './snapshot.ts';

export interface GitSourceSettings {
  /** https://, ssh:// or user@host:path; file:// where that is allowed. Without credentials. */
  readonly repository: string;
  readonly branch: string;
  /** Of the configuration within the repository, with forward slashes; '' is its top. */
  readonly directory: string;
  readonly fetchIntervalMs: number;
  readonly credentials: TokenCredentials | SshCredentials | null;
  /** Certificates of authorities that are trusted instead of those of the system. */
  readonly caFile: string | null;
  readonly signatures: SignatureSettings | null;
  /** Refuse a branch that does not contain the commit that it was at before. */
  readonly fastForwardOnly: boolean;
  /** The scenarios of a commit must pass before it serves. */
  readonly scenariosRequired: boolean;
  readonly webhook: WebhookSettings | null;
}

export interface TokenCredentials {
  readonly kind: 'token';
  readonly user: string;
  readonly token: SecretReference;
}

export interface SshCredentials {
  readonly kind: 'sshKey';
  readonly keyFile: string;
  readonly knownHostsFile: string;
}

export interface SignatureSettings {
  /** Each commit that serves is signed itself, or a signed tag points at it. */
  readonly of: 'commits' | 'tags';
  /** In the format of ssh-keygen(1), ALLOWED SIGNERS. */
  readonly allowedSignersFile: string | null;
  /** Public keys of OpenPGP, armoured or not. */
  readonly openPgpKeysFile: string | null;
}

export interface WebhookSettings {
  readonly address: string;
  readonly port: number;
  readonly secret: SecretReference;
}
