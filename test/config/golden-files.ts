/**
 * Goldens: one file holds a configuration directory, a line of dashes, and what is said about it.
 *
 *     limits: {"yamlBytes": 100}            optional, before the first file
 *     lint: 2026-01-01T00:00:00Z            judge it as of then, too
 *     show: snapshot                        not only its hash, when the configuration is good
 *     scenarios: ci/scenarios               what is said of the scenario files there, when the configuration is good
 *     network: small                        with a small network besides: bell calls, acme and best carry 44
 *     === accounts/acme.yaml                the lines below, up to the next ===
 *     === rates/x.csv | text "a\tb\n"       a JSON text, for bytes that a line cannot show
 *     === rates/y.csv | base64 /wA=         bytes
 *     === accounts/a.yaml | link b.yaml     a symbolic link
 *     === accounts/b.yaml | folder          a folder
 *     === secret.txt | mode 644             the lines below, with these permissions
 *     === switch.yaml | absent              not there: a switch.yaml is added when a golden shows none
 */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { defaultLimits, type Limits } from '../../src/config/limits.ts';
import { projectDirectory } from '../support/source-files.ts';

export const goldenDirectory = join(projectDirectory, 'test', 'golden');

export interface Golden {
  readonly name: string;
  readonly input: string;
  readonly expected: string;
}

export const usualSwitch = `name: golden
currency: USD
sip:
  listen:
    - { transport: udp, address: 127.0.0.1, port: 5060 }
`;

/** What scenarios need to speak of something. */
const smallNetwork: Readonly<Record<string, string>> = {
  'accounts/bell.yaml': 'kind: customer\nunrated: true\n',
  'accounts/acme.yaml': 'kind: vendor\n',
  'gateways/mapping/bell.yaml': 'account: bell\nauthentication: ip\naddresses: [192.0.2.1]\n',
  'gateways/routing/acme.yaml': 'clearingAccount: acme\naddress: 192.0.2.2\nprefixes: ["44"]\nlines: 10\n',
  'gateways/routing/best.yaml': 'clearingAccount: acme\naddress: 192.0.2.3\nprefixes: ["44"]\n',
};

const separator = '----------\n';

export function readGoldens(): readonly Golden[] {
  return readdirSync(goldenDirectory)
    .filter(file => file.endsWith('.golden'))
    .sort()
    .map(file => {
      const text = readFileSync(join(goldenDirectory, file), 'utf8');
      const cut = text.indexOf(separator);
      if (cut < 0) throw new Error(`${file} has no line of dashes`);
      return {
        name: file.slice(0, -'.golden'.length),
        input: text.slice(0, cut),
        expected: text.slice(cut + separator.length),
      };
    });
}

/** Leaves what was really said beside the golden. */
export function writeActual(golden: Golden, actual: string): void {
  writeFileSync(
    join(goldenDirectory, `${golden.name}.golden.ACTUAL`),
    `${golden.input}${separator}${actual}`,
  );
}

export function forgetActual(golden: Golden): void {
  rmSync(join(goldenDirectory, `${golden.name}.golden.ACTUAL`), { force: true });
}

/** Calls `use` with a directory that holds the golden's files, and removes it afterwards. */
export function inDirectory<T>(golden: Golden, use: (directory: string, limits: Limits) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'class4-golden-'));
  try {
    const [head = '', ...files] = golden.input.split(/^=== /m);
    const limits = /^limits: (.+)$/m.exec(head);
    if (!files.some(file => file.startsWith('switch.yaml'))) write(directory, 'switch.yaml', usualSwitch);
    if (/^network: small$/m.test(head)) {
      for (const [path, contents] of Object.entries(smallNetwork)) write(directory, path, contents);
    }
    for (const file of files) {
      const end = file.indexOf('\n');
      place(directory, file.slice(0, end), file.slice(end + 1));
    }
    return use(directory, { ...defaultLimits, ...(limits === null ? {} : JSON.parse(limits[1]!)) });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function place(directory: string, head: string, body: string): void {
  const [path = '', how = ''] = head.split(' | ');
  const [word, ...rest] = how.split(' ');
  const argument = rest.join(' ');
  switch (word) {
    case '': {
      write(directory, path, body);
      break;
    }
    case 'text': {
      write(directory, path, JSON.parse(argument) as string);
      break;
    }
    case 'base64': {
      write(directory, path, Buffer.from(argument, 'base64'));
      break;
    }
    case 'mode': {
      write(directory, path, body);
      chmodSync(join(directory, path), Number.parseInt(argument, 8));
      break;
    }
    case 'folder': {
      mkdirSync(join(directory, path), { recursive: true });
      break;
    }
    case 'link': {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      symlinkSync(argument, join(directory, path));
      break;
    }
    case 'absent': {
      break;
    }
    default:
      throw new Error(`a golden knows no "${word}"`);
  }
}

function write(directory: string, path: string, contents: string | Buffer): void {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), contents);
}
