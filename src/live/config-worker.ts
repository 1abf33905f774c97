/** Worker thread: loads one configuration directory whenever it is asked to, and keeps what it loaded. */
import { parentPort, workerData } from 'node:worker_threads';
import { SnapshotReceiver } from '../config/handover/receiver.ts';
import { type SentArrays, type SentSnapshot, SnapshotSender } from '../config/handover/sender.ts';
import { turnsOfThread } from '../config/handover/turns.ts';
import { type Checkout, ConfigurationLoader } from '../config/load.ts';
import type { FileDigest } from '../config/read/file-digests.ts';
import { describeCommit } from '../config/read/git-commit.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { VersionKeeper } from '../history/version-keeper.ts';
import { standBack } from './background-thread.ts';
import { fingerprintNow } from './config-files.ts';
import { listedFindings } from './configuration/listed-findings.ts';
import { type ChangesSeen, FileChanges } from './file-changes.ts';
import type {
  ArraysMessage,
  KeepReply,
  LoadingRequest,
  LoadingThreadData,
  LoadReply,
} from './loading-thread.ts';

/** A version that was loaded and that nobody has asked to keep yet. */
interface Loaded {
  readonly snapshot: Snapshot;
  readonly digests: readonly FileDigest[] | null;
}

type KeepRequest = Extract<LoadingRequest, { readonly kind: 'keep' }>;

/** The next version may be loaded before somebody asks for the last one. */
const remembered = 2;

const { directory, snapshots } = workerData as LoadingThreadData;
const loader = new ConfigurationLoader(directory);
const sender = new SnapshotSender();
const changes = new FileChanges(directory);
const keepers = new Map<string, VersionKeeper>();
let loaded: readonly Loaded[] = [];
let loads = 0;

/** Of a Snapshot of the main thread. */
let arrays: SentArrays[] = [];

parentPort!.on('message', async (request: LoadingRequest | ArraysMessage) => {
  if (request.kind === 'arrays') take(request.arrays);
  else parentPort!.postMessage(await reply(request));
});

function reply(request: LoadingRequest): string | ChangesSeen | LoadReply | Promise<KeepReply> {
  switch (request.kind) {
    case 'fingerprint':
      return fingerprintNow(directory);
    case 'changes':
      return changes.look();
    case 'load':
      return load(request.checkout, request.steadily);
    case 'keep':
      return keep(request);
  }
}

function load(checkout: Checkout | null, steadily: boolean): LoadReply {
  const options = { forManyCalls: true, digests: true, steadily, ...(checkout === null ? {} : { checkout }) };
  // A start waits for the first load; calls are there from the second one on.
  if (loads === 1) standBack();
  loads += 1;
  const beganAtMs = performance.now();
  const { diagnostics, snapshot, digests, compileMs = 0 } = loader.load(options);
  const readMs = performance.now() - beganAtMs - compileMs;
  if (snapshot !== null) {
    loaded = [{ snapshot, digests: digests ?? null }, ...loaded].slice(0, remembered);
  }
  const loadedAtMs = performance.now();
  const sent = snapshot === null ? null : sender.send(snapshot, message => snapshots.postMessage(message));
  const figures = { readMs, compileMs, sendMs: performance.now() - loadedAtMs };
  return {
    kind: 'loaded',
    diagnostics: listedFindings(diagnostics),
    snapshot: sent,
    figures,
    areSteady: loader.areSteady,
  };
}

function take(sent: SentArrays): void {
  // Of one that was not sent to its end nothing is wanted.
  if (sent.first === 0) arrays = [];
  arrays.push(sent);
}

/** Each of these has all its parts with it: it is not worth remembering any for the next one. */
async function received(sent: SentSnapshot): Promise<Snapshot> {
  const waiting = arrays;
  arrays = [];
  const receiver = new SnapshotReceiver({ ...turnsOfThread, nextArrays: () => waiting.shift()! });
  return (await receiver.receive(sent)).snapshot;
}

/** What goes wrong here is the disk, which must not end the thread. */
async function keep({ hash, sent, into }: KeepRequest): Promise<KeepReply> {
  const known = loaded.find(each => each.snapshot.hash === hash);
  const version = known ?? (sent === null ? null : { snapshot: await received(sent), digests: null });
  if (version === null) return { kind: 'unknown' };
  try {
    let keeper = keepers.get(into);
    if (keeper === undefined) {
      keeper = new VersionKeeper(into);
      keepers.set(into, keeper);
    }
    const blobs = keeper.keep(version.snapshot, version.digests, file => loader.readAgain(file));
    // What is kept need not be remembered: it would hold the tables of a version that no call uses any more.
    loaded = loaded.filter(each => each !== known);
    const { commit } = version.snapshot;
    return { kind: 'kept', blobs, commit: commit === null ? null : describeCommit(directory, commit) };
  } catch (error) {
    return { kind: 'failed', problem: error instanceof Error ? error.message : String(error) };
  }
}
