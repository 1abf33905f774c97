/** The tag by which a client asks for the edge's extensions at authentication. */
export const EXTENSION_TAG = 'x-class4';

/** A program that drives the edge over the control protocol. */
export class ControlClient {
  readonly id: number;
  authenticated = false;
  /** True for a client that understands the extensions of docs/edge.md. */
  extended = false;
  readonly verbs = new Set<string>();

  constructor(id: number) {
    this.id = id;
  }
}

/** Who is connected, and who wants which requests. */
export class ControlClients {
  readonly #clients = new Map<number, ControlClient>();
  readonly #byVerb = new Map<string, number[]>();
  readonly #turn = new Map<string, number>();

  connected(id: number): ControlClient {
    const client = new ControlClient(id);
    this.#clients.set(id, client);
    return client;
  }

  get(id: number): ControlClient | undefined {
    return this.#clients.get(id);
  }

  /** True when this client is still there to be told something. */
  isAlive(id: number): boolean {
    return this.#clients.get(id)?.authenticated === true;
  }

  gone(id: number): void {
    const client = this.#clients.get(id);
    if (client === undefined) return;
    this.#clients.delete(id);
    for (const verb of client.verbs) this.#drop(verb, id);
  }

  route(client: ControlClient, verb: string): void {
    if (client.verbs.has(verb) || client.verbs.size >= 64) return;
    client.verbs.add(verb);
    const list = this.#byVerb.get(verb);
    if (list === undefined) this.#byVerb.set(verb, [client.id]);
    else list.push(client.id);
  }

  unroute(client: ControlClient, verb: string): void {
    if (client.verbs.delete(verb)) this.#drop(verb, client.id);
  }

  #drop(verb: string, id: number): void {
    const list = this.#byVerb.get(verb);
    if (list === undefined) return;
    const rest = list.filter(each => each !== id);
    if (rest.length > 0) this.#byVerb.set(verb, rest);
    else this.#byVerb.delete(verb);
  }

  /** The next client in turn for a verb (lower case), 0 when nobody asked for it. */
  pick(verb: string): number {
    const list = this.#byVerb.get(verb);
    if (list === undefined) return 0;
    const turn = this.#turn.get(verb) ?? 0;
    this.#turn.set(verb, (turn + 1) % list.length);
    return list[turn % list.length] ?? 0;
  }

  /** All clients that asked for a verb. */
  wanting(verb: string): readonly number[] {
    return this.#byVerb.get(verb) ?? [];
  }

  /** The SIP methods somebody wants, for an Allow header. */
  methods(): string[] {
    const methods: string[] = [];
    for (const verb of this.#byVerb.keys()) {
      if (!verb.startsWith('cdr:')) methods.push(verb.toUpperCase());
    }
    return methods.sort();
  }
}
