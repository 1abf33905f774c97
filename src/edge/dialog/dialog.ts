import { type Context, DIALOG_IDLE_MS, MAX_DIALOGS, type Peer } from '../context.ts';
import { tagOf, uriOf } from '../message/fields.ts';
import { H } from '../message/header-names.ts';
import type { SipMessage } from '../message/message.ts';
import { detach, splitList } from '../message/text.ts';
import { bareHost, isAddress, parseUri } from '../message/uri.ts';
import type { ClientTransaction } from '../transaction/client-transaction.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { type Expiring, Timer } from '../transaction/timers.ts';

/** `early` until the 2xx; `ending` once a BYE was sent or received. */
type DialogState = 'early' | 'confirmed' | 'ending' | 'ended';

/** What an early fork of our INVITE told of itself, for the PRACK to its reliable response. */
interface EarlyFork {
  readonly rseq: number;
  readonly remote: string;
  readonly target: string;
  readonly routes: readonly string[];
}

/** How a session is kept alive (RFC 4028). */
export interface Session {
  readonly intervalSeconds: number;
  readonly refreshedByUs: boolean;
  /** When the BYE goes out unless the session was refreshed. */
  readonly endsAt: number;
}

const MAX_FORMER_TAGS = 16;

/** A dialog of RFC 3261 §12, for either side of it. */
export class Dialog implements Expiring {
  /** `<Call-ID>;from-tag=<From tag of the initial request>`: what drachtio-srf knows it by. */
  readonly id: string;
  readonly callId: string;
  readonly isServer: boolean;
  /** INVITE or SUBSCRIBE. */
  readonly method: string;
  /** The control client that owns it. */
  client: number;
  state: DialogState = 'early';
  /** Our From or To value, with tag. */
  local: string;
  localTag: string;
  /** The peer's, with tag once it has one. */
  remote: string;
  remoteTag: string;
  localCseq: number;
  /** -1 while the peer sent no request. */
  remoteCseq = -1;
  /** Remote target URI. */
  target: string;
  routes: readonly string[] = [];
  /** Where the peer's last dialog-forming message came from. */
  source: Peer;
  /** The peer's Contact names another host than its packets come from, and there is no route set: answer to the source. */
  toSource = false;
  /** An INVITE of the peer that is not yet answered, or whose 2xx is not yet acknowledged. */
  serverInvite: ServerTransaction | null = null;
  /** An INVITE of ours without a final response, or whose 2xx waits for the client's ACK. */
  clientInvite: ClientTransaction | null = null;
  /** Hang up as soon as the client has acknowledged: its CANCEL crossed the 2xx. */
  byeAfterAck = false;
  earlyForks: EarlyFork[] | null = null;
  /** Our tags in early dialogs of this INVITE that another one has taken the place of. */
  formerTags: string[] | null = null;
  /** The session description we sent last, for refreshes of our own. */
  localBody = '';
  /** The Contact value we sent last. */
  localContact = '';
  session: Session | null = null;
  readonly #dialogs: Dialogs;
  readonly timer: Timer;
  /** What the timer means when it fires. */
  purpose: 'idle' | 'refresh' | 'expire' = 'idle';

  constructor(dialogs: Dialogs, options: NewDialog) {
    this.#dialogs = dialogs;
    this.timer = new Timer(this);
    this.id = detach(options.id);
    this.callId = detach(options.callId);
    this.isServer = options.isServer;
    this.method = options.method;
    this.client = options.client;
    this.local = detach(options.local);
    this.localTag = tagOf(this.local);
    this.remote = detach(options.remote);
    this.remoteTag = tagOf(this.remote);
    this.localCseq = options.localCseq;
    this.target = detach(options.target);
    this.source = options.source;
  }

  /** Another early dialog takes the place of this one; `local` is our To value in it. */
  fork(local: string): void {
    if (this.formerTags === null) this.formerTags = [];
    this.formerTags.push(this.localTag);
    if (this.formerTags.length > MAX_FORMER_TAGS) this.formerTags.shift();
    this.local = detach(local);
    this.localTag = tagOf(this.local);
  }

  onTimer(): void {
    this.#dialogs.user.onDialogTimer(this);
  }
}

interface NewDialog {
  readonly id: string;
  readonly callId: string;
  readonly isServer: boolean;
  readonly method: string;
  readonly client: number;
  readonly local: string;
  readonly remote: string;
  readonly localCseq: number;
  readonly target: string;
  readonly source: Peer;
}

interface DialogUser {
  onDialogTimer(dialog: Dialog): void;
  onDialogEnded(dialog: Dialog): void;
}

/** The id of the dialog that a request with this From tag begins. */
export function dialogIdOf(callId: string, fromTag: string): string {
  return `${callId};from-tag=${fromTag}`;
}

/** All dialogs, early ones included. */
export class Dialogs {
  readonly context: Context;
  readonly user: DialogUser;
  readonly #byId = new Map<string, Dialog>();
  readonly #byCallId = new Map<string, Dialog>();

  constructor(context: Context, user: DialogUser) {
    this.context = context;
    this.user = user;
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): Dialog | undefined {
    return this.#byId.get(id);
  }

  /** Makes a dialog; undefined when there are too many or the id is taken. */
  add(options: NewDialog): Dialog | undefined {
    if (this.#byId.size >= MAX_DIALOGS || this.#byId.has(options.id)) return undefined;
    const dialog = new Dialog(this, options);
    this.#byId.set(dialog.id, dialog);
    this.#byCallId.set(dialog.callId, dialog);
    this.context.timers.set(dialog.timer, this.context.now + DIALOG_IDLE_MS);
    return dialog;
  }

  /** Forgets a dialog. */
  remove(dialog: Dialog): void {
    if (dialog.state === 'ended') return;
    dialog.state = 'ended';
    this.context.timers.clear(dialog.timer);
    this.#byId.delete(dialog.id);
    if (this.#byCallId.get(dialog.callId) === dialog) this.#byCallId.delete(dialog.callId);
    this.user.onDialogEnded(dialog);
  }

  /** The dialog that a request from the network belongs to; the tags must match on both sides. */
  ofRequest(callId: string, fromTag: string, toTag: string): Dialog | undefined {
    const asServer = this.#byId.get(dialogIdOf(callId, fromTag));
    if (asServer?.isServer === true && asServer.localTag === toTag) return asServer;
    const asClient = this.#byId.get(dialogIdOf(callId, toTag));
    if (asClient === undefined || asClient.isServer) return undefined;
    if (asClient.remoteTag === fromTag || asClient.state === 'early') return asClient;
    return undefined;
  }

  /** The dialog that a caller's request would have belonged to before another callee's took its place. */
  ofFormerTag(callId: string, fromTag: string, toTag: string): Dialog | undefined {
    const dialog = this.#byId.get(dialogIdOf(callId, fromTag));
    return dialog?.formerTags?.includes(toTag) === true ? dialog : undefined;
  }

  /**
   * The confirmed dialog that a client means when it names only a Call-ID, and perhaps our From tag. Another From tag
   * begins a dialog of its own: the two legs of a call may share their Call-ID.
   */
  confirmedByCallId(callId: string, fromTag: string): Dialog | undefined {
    const dialog = this.#byCallId.get(callId);
    if (dialog === undefined || dialog.state === 'early') return undefined;
    return fromTag === '' || fromTag === dialog.localTag ? dialog : undefined;
  }

  values(): IterableIterator<Dialog> {
    return this.#byId.values();
  }
}

/** The route set of a dialog from its Record-Route headers (RFC 3261 §12.1). */
export function routeSet(message: SipMessage, reversed: boolean): readonly string[] {
  if (!message.has(H.recordRoute)) return [];
  const routes = splitList(message.all(H.recordRoute)).map(detach);
  return reversed ? routes.reverse() : routes;
}

/** Takes the remote target from a dialog-forming or refreshing message, and whether its host can be believed. */
export function learnTarget(dialog: Dialog, message: SipMessage, source: Peer): void {
  dialog.source = source;
  const contact = message.first(H.contact);
  if (contact === '') return;
  const target = uriOf(contact);
  const uri = parseUri(target);
  if (uri === null) return;
  dialog.target = detach(target);
  const host = bareHost(uri.host);
  dialog.toSource = dialog.routes.length === 0 && (!isAddress(uri.host) || host !== source.address);
}

/** Request-URI and Route lines of a request in the dialog (RFC 3261 §12.2.1.1). */
export function requestRoute(
  target: string,
  routes: readonly string[],
): { readonly uri: string; readonly lines: string; readonly hop: string } {
  const first = routes[0];
  if (first === undefined) return { uri: target, lines: '', hop: target };
  const firstUri = uriOf(first);
  if (parseUri(firstUri)?.looseRouting === true) {
    return { uri: target, lines: `Route: ${routes.join(', ')}\r\n`, hop: firstUri };
  }
  const rest = [...routes.slice(1), `<${target}>`];
  return { uri: firstUri, lines: `Route: ${rest.join(', ')}\r\n`, hop: firstUri };
}
