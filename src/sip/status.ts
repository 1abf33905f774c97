/** Reason phrases of RFC 3261 §21 and its extensions, for responses whose phrase must not come from a peer. */
const phrases: Readonly<Record<number, string>> = {
  180: 'Ringing',
  181: 'Call Is Being Forwarded',
  182: 'Queued',
  183: 'Session Progress',
  199: 'Early Dialog Terminated',
  200: 'OK',
  202: 'Accepted',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  410: 'Gone',
  415: 'Unsupported Media Type',
  416: 'Unsupported URI Scheme',
  420: 'Bad Extension',
  422: 'Session Interval Too Small',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  482: 'Loop Detected',
  483: 'Too Many Hops',
  484: 'Address Incomplete',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  491: 'Request Pending',
  500: 'Server Internal Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Server Time-out',
  600: 'Busy Everywhere',
  603: 'Decline',
  604: 'Does Not Exist Anywhere',
  606: 'Not Acceptable',
};

const classPhrases = [
  '',
  'Progress',
  'OK',
  'Redirection',
  'Request Failure',
  'Server Failure',
  'Global Failure',
];

/** The usual phrase of a status code. */
export function phraseOf(status: number): string {
  return phrases[status] ?? classPhrases[Math.floor(status / 100)] ?? 'Failure';
}

/**
 * A failure of a relayed in-dialog request as the other side may see it; for an INVITE the core decides. A challenge (401, 407) belongs to the hop it was made on and
 * means nothing without its header, so it becomes 403.
 */
export function statusTowardsOther(status: number): number {
  return status === 401 || status === 407 ? 403 : status;
}
