/** A network in which every edit shows: two customers, two vendors, and what settings may name. */
import type { Files } from '../../config/directories.ts';

export const network: Readonly<Record<string, string>> = {
  'switch.yaml': `name: small
currency: EUR
sip:
  listen:
    - { transport: udp, address: 127.0.0.1, port: 5060 }
`,
  'accounts/bell.yaml': 'kind: customer\nrateTable: retail\noverdraftLimit: 100\n',
  'accounts/gray.yaml': 'kind: customer\nrateTable: retail\noverdraftLimit: 100\n',
  'accounts/acme.yaml': 'kind: vendor\nrateTable: acme\n',
  'accounts/best.yaml': 'kind: vendor\nrateTable: best\n',
  'gateways/mapping/bell.yaml': 'account: bell\nauthentication: ip\naddresses: [192.0.2.1]\n',
  'gateways/mapping/gray.yaml': 'account: gray\nauthentication: ip\naddresses: [192.0.2.2]\n',
  'gateways/routing/acme.yaml':
    'clearingAccount: acme\naddress: 192.0.2.11\nprefixes: ["44", "447"]\npriority: 10\n',
  'gateways/routing/best.yaml':
    'clearingAccount: best\naddress: 192.0.2.12\nprefixes: ["44", "1"]\npriority: 20\n',
  'gateways/groups/trunks.yaml': 'lines: 10\n',
  'calendars/nights.yaml':
    'timeZone: UTC\nperiods:\n  - { days: [mon-sun], from: "20:00", to: "24:00" }\n  - { days: [mon-sun], from: "00:00", to: "06:00" }\n',
  'number-lists/own.yaml': 'numbers: ["447700900123"]\nprefixes: ["4478"]\n',
  'number-lists/shown.yaml': 'numbers: ["442079460001", "442079460002"]\n',
  'lrn/ported.yaml': 'file: ported.csv\ncolumns: { number: number, lrn: lrn, state: state }\n',
  'lrn/ported.csv': 'number,lrn,state\n2125550100,3125550000,\n212555,,NY\n',
  'rates/retail.yaml':
    'rows:\n  - { prefix: "44", rate: 0.02 }\n  - { prefix: "447", rate: 0.04 }\n  - { prefix: "1", rate: 0.01 }\n',
  'rates/acme.yaml': 'rows:\n  - { prefix: "44", rate: 0.012 }\n  - { prefix: "447", rate: 0.03 }\n',
  'rates/best.yaml': 'deck:\n  file: best.csv\n  columns: { prefix: prefix, rate: rate }\n',
  'rates/best.csv': 'prefix,rate\n44,0.013\n447,0.035\n1,0.008\n',
};

/** One change: the settings of one file, whole files, or files that go. */
export interface Edit {
  readonly title: string;
  readonly before: Files;
  readonly after: Files;
}

/**
 * Each top key of `settings` takes the place of the same one in the file. `more` is there on both sides: what the
 * setting needs to make a difference.
 */
export function set(file: string, settings: string, more: Readonly<Record<string, string>> = {}): Edit {
  const before = { ...network, ...more };
  const title = `${file}: ${settings.replaceAll(/\s+/g, ' ')}`;
  return { title, before, after: { ...before, [file]: withSettings(before[file]!, settings) } };
}

/** `null` for a file that goes. */
export function put(title: string, changed: Readonly<Record<string, string | null>>): Edit {
  const files: Record<string, string> = { ...network };
  for (const [path, text] of Object.entries(changed)) {
    if (text === null) delete files[path];
    else files[path] = text;
  }
  return { title, before: network, after: files };
}

function withSettings(text: string, settings: string): string {
  let kept = text;
  for (const [, key] of settings.matchAll(/^(\w+):/gm)) {
    kept = kept.replace(new RegExp(`^${key}:.*\\n(?:[ -].*\\n)*`, 'm'), '');
  }
  return `${kept}${settings}\n`;
}
