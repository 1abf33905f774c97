/** Everything the story plays on: peers on free ports, a copy of the configuration that names them, the switch. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Caller } from './caller.ts';
import { SipPeer } from './sip-peer.ts';
import { eventually, SwitchProcess } from './switch-process.ts';
import { Vendor } from './vendor.ts';

const network = fileURLToPath(new URL('../../demo/network/', import.meta.url));

export interface Stage {
  readonly directory: string;
  readonly switch: SwitchProcess;
  readonly vendors: Readonly<Record<'acme' | 'borealis' | 'castor', Vendor>>;
  readonly northwind: Caller;
  readonly tinytel: Caller;
  /** Known to nobody. */
  readonly stranger: Caller;
}

/** Sets the stage, plays, and clears it away whatever happens. */
export async function withStage(play: (stage: Stage) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'class4-demo-'));
  const releases: (() => Promise<void> | void)[] = [
    () => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }),
  ];
  const open = async <Peer extends { close(): Promise<void> }>(opening: Promise<Peer>): Promise<Peer> => {
    const peer = await opening;
    releases.push(() => peer.close());
    return peer;
  };
  try {
    const switchPort = await freePort();
    const vendors = {
      acme: await open(Vendor.open('acme')),
      borealis: await open(Vendor.open('borealis')),
      castor: await open(Vendor.open('castor')),
    };
    const northwind = await open(Caller.open('northwind', switchPort));
    const tinytel = await open(Caller.open('tinytel', switchPort));
    const stranger = await open(Caller.open('stranger', switchPort));
    copyNetwork(directory, {
      switch: switchPort,
      acme: vendors.acme.port,
      borealis: vendors.borealis.port,
      castor: vendors.castor.port,
      northwind: northwind.port,
      tinytel: tinytel.port,
    });
    const process_ = await SwitchProcess.start(directory);
    releases.push(() => process_.kill());
    await play({ directory, switch: process_, vendors, northwind, tinytel, stranger });
  } finally {
    for (const release of releases.toReversed()) await release();
  }
}

/** Changes a file of the configuration and waits until the switch has taken it up. */
export async function editAndReload(stage: Stage, file: string, from: string, to: string): Promise<void> {
  const before = await stage.switch.snapshotHash();
  const path = join(stage.directory, file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
  writeFileSync(path, text.replace(from, to));
  await eventually('the edit is in force', async () => {
    return (await stage.switch.snapshotHash()) === before ? null : true;
  });
}

async function freePort(): Promise<number> {
  const peer = await SipPeer.open('probe');
  const { port } = peer;
  await peer.close();
  return port;
}

function copyNetwork(directory: string, ports: Readonly<Record<string, number>>): void {
  cpSync(network, directory, { recursive: true });
  for (const file of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.yaml')) continue;
    const path = join(directory, file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      text.replace(/\b([A-Z]+)_PORT\b/g, (_, name: string) => String(ports[name.toLowerCase()])),
    );
  }
}
