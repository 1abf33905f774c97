/** source.yaml → where the configuration comes from. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { inReadingOrder } from '../../diagnostics/collect.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { parseAddress } from '../../routing/ip-address.ts';
import { readCheckedFile } from '../checked-file.ts';
import { Findings } from '../findings.ts';
import { sourceFile } from '../kinds.ts';
import { defaultLimits } from '../limits.ts';
import { Confinement } from '../read/links.ts';
import type { SecretReference } from '../snapshot.ts';
import type { GitSourceSettings } from '../source-settings.ts';
import type { Fields } from './fields.ts';

export interface LoadedSource {
  readonly diagnostics: readonly Diagnostic[];
  /** null when there is an error. */
  readonly settings: GitSourceSettings | null;
}

/** null when the directory has no source.yaml: then it is the configuration itself. */
export function loadSource(directory: string): LoadedSource | null {
  if (!existsSync(join(directory, sourceFile))) return null;
  const findings = new Findings();
  // It may be a link, as Kubernetes mounts single files; nothing but settings is read through it.
  const confinement = new Confinement(directory, '/');
  const listed = { kind: 'source', name: 'source', path: sourceFile } as const;
  const { fields } = readCheckedFile(confinement, listed, defaultLimits, findings);
  const place = { file: sourceFile, line: 1, column: 1 };
  if (existsSync(join(directory, 'switch.yaml'))) {
    findings.add('C4005', place, 'a switch.yaml stands beside it, which would not be read', {
      hint: 'Remove source.yaml to serve the files of this directory, or switch.yaml to follow the repository.',
    });
  }
  const settings = findings.all.length > 0 ? null : parseSource(fields, findings);
  const diagnostics = inReadingOrder(findings.all);
  return { diagnostics, settings: diagnostics.length > 0 ? null : settings };
}

function parseSource(fields: Fields, findings: Findings): GitSourceSettings {
  const repository = fields.text('repository')!;
  if (repository.startsWith('file:') && !fields.boolean('allowFile')) {
    findings.add('C4204', fields.place('repository'), 'the repository is a directory of this machine', {
      hint: 'Write allowFile: On when that is meant.',
    });
  }
  const directory = fields.text('directory')!;
  return {
    repository,
    branch: fields.text('branch')!,
    directory: directory === '.' ? '' : directory,
    fetchIntervalMs: Math.round(fields.number('fetchInterval')! * 1000),
    credentials: parseCredentials(fields, repository, findings),
    caFile: fields.text('caFile'),
    signatures: parseSignatures(fields, findings),
    fastForwardOnly: fields.boolean('fastForwardOnly'),
    scenariosRequired: fields.text('scenarios') === 'required',
    webhook: parseWebhook(fields, findings),
  };
}

function parseCredentials(
  fields: Fields,
  repository: string,
  findings: Findings,
): GitSourceSettings['credentials'] {
  const credentials = fields.within('access');
  const place = fields.has('access') ? fields.keyPlace('access') : fields.place('repository');
  const token = parseSecret(credentials, 'token');
  const [keyFile, knownHostsFile] = [credentials.text('sshKeyFile'), credentials.text('knownHostsFile')];
  const isHttps = repository.startsWith('https:');
  const isSsh = !isHttps && !repository.startsWith('file:');
  if (isSsh) {
    if (token === null && keyFile !== null && knownHostsFile !== null) {
      return { kind: 'sshKey', keyFile, knownHostsFile };
    }
    findings.add('C4204', place, 'a repository that is reached by ssh needs sshKeyFile and knownHostsFile', {
      hint: 'Write access: { sshKeyFile: PATH, knownHostsFile: PATH }, and no token.',
    });
    return null;
  }
  if (!fields.has('access')) return null;
  if (isHttps && token !== null && keyFile === null && knownHostsFile === null) {
    return { kind: 'token', user: credentials.text('user')!, token };
  }
  const message = isHttps
    ? 'a repository that is reached by https needs a token, and no key of ssh'
    : 'a repository on this machine needs no credentials';
  findings.add('C4204', place, message);
  return null;
}

function parseSignatures(fields: Fields, findings: Findings): GitSourceSettings['signatures'] {
  if (!fields.has('signatures')) return null;
  const signatures = fields.within('signatures');
  const allowedSignersFile = signatures.text('allowedSignersFile');
  const openPgpKeysFile = signatures.text('openPgpKeysFile');
  if (allowedSignersFile === null && openPgpKeysFile === null) {
    findings.add('C4204', fields.keyPlace('signatures'), 'signatures are required, and nobody may sign', {
      hint: 'Name allowedSignersFile (ssh keys), openPgpKeysFile, or both.',
    });
  }
  const of = signatures.text('of') === 'tags' ? 'tags' : 'commits';
  return { of, allowedSignersFile, openPgpKeysFile };
}

function parseWebhook(fields: Fields, findings: Findings): GitSourceSettings['webhook'] {
  if (!fields.has('webhook')) return null;
  const webhook = fields.within('webhook');
  const address = webhook.text('address')!;
  if (parseAddress(address) === null) {
    findings.add(
      'C4308',
      webhook.has('address') ? webhook.place('address') : webhook.place(),
      'address must be an IPv4 or IPv6 address of this machine',
    );
  }
  return { address, port: webhook.number('port')!, secret: parseSecret(webhook, 'secret')! };
}

function parseSecret(fields: Fields, key: string): SecretReference | null {
  const secret = fields.within(key);
  const [env, file] = [secret.text('env'), secret.text('file')];
  if (env !== null) return { env };
  return file === null ? null : { file };
}
