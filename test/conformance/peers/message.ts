/** SIP messages of scripted peers: read strictly enough to find faults, written plainly. */

export interface Message {
  readonly startLine: string;
  /** Of a response; null for a request. */
  readonly status: number | null;
  /** The reason phrase of a response, else ''. */
  readonly phrase: string;
  /** Of the request, or of the request that is answered. */
  readonly method: string;
  readonly requestUri: string;
  readonly callId: string;
  readonly cseq: number;
  readonly branch: string;
  readonly fromTag: string;
  readonly toTag: string;
  readonly body: string;
  /** The whole datagram, to tell a retransmission from something new. */
  readonly text: string;
  /** All values of a header in order, one for each line. */
  all(name: string): readonly string[];
  /** The first value, or ''. */
  header(name: string): string;
}

/** null for keep-alives, which are nothing but line ends. @throws for what is no SIP message. */
export function parseMessage(text: string): Message | null {
  if (/^[\r\n]*$/.test(text)) return null;
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) throw new Error('a message without an empty line');
  const [startLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const fields = lines.map(line => {
    const colon = line.indexOf(':');
    if (colon <= 0) throw new Error(`no header line: ${line}`);
    return { name: line.slice(0, colon).trim().toLowerCase(), value: line.slice(colon + 1).trim() };
  });
  const all = (name: string): readonly string[] =>
    fields.filter(field => field.name === name.toLowerCase()).map(({ value }) => value);
  const header = (name: string): string => all(name)[0] ?? '';
  for (const name of ['Via', 'From', 'To', 'Call-ID', 'CSeq']) {
    if (header(name) === '') throw new Error(`a message without ${name}`);
  }
  const body = text.slice(end + 4);
  if (header('Content-Length') !== String(Buffer.byteLength(body, 'latin1'))) {
    throw new Error(`Content-Length ${header('Content-Length')} of a body of ${body.length} octets`);
  }
  const response = /^SIP\/2\.0 (\d{3}) (.*)$/.exec(startLine);
  const request = /^([A-Z]+) (\S+) SIP\/2\.0$/.exec(startLine);
  if (response === null && request === null) throw new Error(`no start line of SIP: ${startLine}`);
  const [cseq = '', method = ''] = header('CSeq').split(' ');
  if (request !== null && request[1] !== method) throw new Error(`${request[1]} with the CSeq of ${method}`);
  return {
    startLine,
    status: response === null ? null : Number(response[1]),
    phrase: response?.[2] ?? '',
    method,
    requestUri: request?.[2] ?? '',
    callId: header('Call-ID'),
    cseq: Number(cseq),
    branch: /;branch=([^;]+)/.exec(header('Via'))?.[1] ?? '',
    fromTag: tagOf(header('From')),
    toTag: tagOf(header('To')),
    body,
    text,
    all,
    header,
  };
}

export function tagOf(address: string): string {
  return /;tag=([^;]+)/.exec(address)?.[1] ?? '';
}

/** The URI between angle brackets, or the whole value without parameters. */
export function uriOf(address: string): string {
  return /<([^>]+)>/.exec(address)?.[1] ?? address.split(';')[0]!.trim();
}

/** The decoded user part of a SIP URI; '' when there is none. */
export function userOf(uri: string): string {
  const user = /^sips?:([^@]*)@/.exec(uri)?.[1] ?? '';
  return decodeURIComponent(user);
}

/** Writes a number as the user part of a URI. */
export function escapedUser(user: string): string {
  return encodeURIComponent(user).replaceAll('%2B', '+');
}

export function messageText(lines: readonly string[], body: string): string {
  const type = body === '' ? [] : ['Content-Type: application/sdp'];
  return (
    [...lines, ...type, `Content-Length: ${Buffer.byteLength(body, 'latin1')}`, '', ''].join('\r\n') + body
  );
}

/** A response the way RFC 3261 §8.2.6 asks for; `toTag` goes to a request that has none. */
export function responseText(
  request: Message,
  status: number,
  phrase: string,
  toTag: string,
  lines: readonly string[] = [],
  body = '',
): string {
  const to = request.header('To');
  return messageText(
    [
      `SIP/2.0 ${status} ${phrase}`,
      ...request.all('Via').map(value => `Via: ${value}`),
      ...request.all('Record-Route').map(value => `Record-Route: ${value}`),
      `From: ${request.header('From')}`,
      `To: ${status === 100 || tagOf(to) !== '' ? to : `${to};tag=${toTag}`}`,
      `Call-ID: ${request.callId}`,
      `CSeq: ${request.header('CSeq')}`,
      ...lines,
    ],
    body,
  );
}

export function sessionDescription(address: string): string {
  return `v=0\r\no=peer 1 1 IN IP4 ${address}\r\ns=-\r\nc=IN IP4 ${address}\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n`;
}
