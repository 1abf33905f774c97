import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SipMessage } from '../../src/sip/drachtio-srf.ts';
import {
  allowLineFor,
  bodyOf,
  hasSdp,
  hasToken,
  line,
  reasonLine,
  retryAfterSeconds,
  safePhrase,
  unknownRequirements,
} from '../../src/sip/headers.ts';
import { isIntervalTooSmall, isTimerCapable, sessionTimerLines } from '../../src/sip/session-timer.ts';
import { phraseOf, statusTowardsOther } from '../../src/sip/status.ts';

const test = suite('sip/headers');

function message(headers: Record<string, string>, body = ''): SipMessage {
  return { headers, body, method: 'INVITE', uri: 'sip:1@x', status: 0, reason: '', raw: '' };
}

const offer = 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\n';

test('a folded or broken value never starts a line of its own', () => {
  assert.is(line('Privacy', 'id\r\n ;x'), 'Privacy: id ;x\r\n');
  assert.is(line('Privacy', 'id\r\nVia: evil'), 'Privacy: id Via: evil\r\n');
});

test('Allow towards one side holds what the other side takes and we relay', () => {
  assert.is(
    allowLineFor('INVITE, ACK, BYE, CANCEL, INFO, REFER'),
    'Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, INFO\r\n',
  );
  assert.match(allowLineFor(undefined), /UPDATE/);
});

test('option tags are compared without case and blanks', () => {
  assert.ok(hasToken('replaces, 100REL', '100rel'));
  assert.not(hasToken('100relx', '100rel'));
  assert.not(hasToken(undefined, '100rel'));
});

test('only options that we do not know are refused', () => {
  assert.is(unknownRequirements(message({ require: '100rel, Timer' })), '');
  assert.is(unknownRequirements(message({ require: '100rel, precondition,x' })), 'precondition, x');
});

test('a body goes on with the headers that describe it, and no others', () => {
  const body = bodyOf(
    message({ 'content-type': 'application/sdp', 'content-disposition': 'session', 'x-y': '1' }, offer),
  );

  assert.is(body.text, offer);
  assert.is(body.headers, 'Content-Type: application/sdp\r\nContent-Disposition: session\r\n');
});

test('of a multipart body with a broken binary part only the SDP goes on', () => {
  const type = 'multipart/mixed;boundary=b';
  const text = `--b\r\nContent-Type: application/sdp\r\n\r\n${offer}\r\n--b\r\nContent-Type: application/isup\r\n\r\n\ufffd\u0001\r\n--b--\r\n`;

  const body = bodyOf(message({ 'content-type': type }, text));

  assert.is(body.headers, 'Content-Type: application/sdp\r\n');
  assert.is(body.text, offer);
  assert.ok(hasSdp(message({ 'content-type': type }, text)));
});

test('a multipart body that survived goes on whole', () => {
  const type = 'multipart/mixed;boundary=b';
  const text = `--b\r\nContent-Type: application/sdp\r\n\r\n${offer}--b--\r\n`;

  assert.is(bodyOf(message({ 'content-type': type }, text)).text, text);
});

test('Reason goes on by protocol and cause, without its text', () => {
  assert.is(reasonLine('Q.850;cause=16;text="at 192.0.2.1"'), 'Reason: Q.850;cause=16\r\n');
  assert.is(reasonLine('SIP ;text="x";cause=200'), 'Reason: SIP;cause=200\r\n');
  assert.is(reasonLine('X;cause=1'), '');
  assert.is(reasonLine(undefined), '');
});

test('Retry-After is read in seconds', () => {
  assert.is(retryAfterSeconds(message({ 'retry-after': '120 (busy);duration=3' })), 120);
  assert.is(retryAfterSeconds(message({ 'retry-after': 'soon' })), null);
  assert.is(retryAfterSeconds(message({})), null);
});

test('a phrase that names an address gives way to the plain one', () => {
  assert.is(safePhrase('Busy at 10.0.0.1', 'Busy Here'), 'Busy Here');
  assert.is(safePhrase('no route to gw.acme.example', 'Not Found'), 'Not Found');
  assert.is(safePhrase('NoAvailableRouter', 'Service Unavailable'), 'NoAvailableRouter');
  assert.is(safePhrase('', phraseOf(486)), 'Busy Here');
});

test('a challenge of one hop becomes 403 on the other', () => {
  assert.equal([401, 407, 404, 603].map(statusTowardsOther), [403, 403, 404, 603]);
  assert.is(phraseOf(499), 'Request Failure');
});

test('a peer with timers is told an interval and asked to refresh', () => {
  assert.is(sessionTimerLines(message({})), '');
  assert.is(
    sessionTimerLines(message({ supported: 'timer' })),
    'Require: timer\r\nSession-Expires: 600;refresher=uac\r\n',
  );
  assert.is(
    sessionTimerLines(message({ 'session-expires': '300;refresher=uas' })),
    'Session-Expires: 300;refresher=uas\r\n',
  );
  assert.match(
    sessionTimerLines(message({ 'session-expires': '7200', 'min-se': '3600' })),
    /Session-Expires: 3600;/,
  );
  assert.match(sessionTimerLines(message({ 'session-expires': '7200' })), /Session-Expires: 1800;/);
});

test('an interval below 90 s is too small', () => {
  assert.ok(isIntervalTooSmall(message({ 'session-expires': '89' })));
  assert.not(isIntervalTooSmall(message({ 'session-expires': '90' })));
  assert.not(isIntervalTooSmall(message({})));
  assert.ok(isTimerCapable(message({ x: '1800' })));
});

test.run();
