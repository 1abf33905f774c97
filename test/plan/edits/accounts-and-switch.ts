import { type Edit, network, put, set } from './network.ts';

const bell = (settings: string, more: Readonly<Record<string, string>> = {}): Edit =>
  set('accounts/bell.yaml', settings, more);
const ofSwitch = (settings: string): Edit => set('switch.yaml', settings);
const parameter = (setting: string): Edit => set('switch.yaml', `parameters: { ${setting} }`);

const cheap = {
  'rates/cheap.yaml': 'rows:\n  - { prefix: "44", rate: 0.01 }\n  - { prefix: "1", rate: 0.009 }\n',
};

export const accountEdits: readonly Edit[] = [
  bell('rateTable: cheap', cheap),
  bell('rateTables: [{ calendar: nights, rateTable: cheap }]', cheap),
  bell('privateRateTable: cheap', cheap),
  put('accounts/bell.yaml: unrated: true', { 'accounts/bell.yaml': 'kind: customer\nunrated: true\n' }),
  bell('overdraftLimit: 5'),
  bell('locked: true'),
  bell('validUntil: 2030-01-01'),
  bell('lines: 5'),
  bell('callRate: { calls: 10, perSeconds: 1 }'),
  bell('maxCallDurationSeconds: 600'),
  set('accounts/acme.yaml', 'locked: true'),
  set('accounts/acme.yaml', 'validUntil: 2030-01-01'),
  put('accounts/odd.yaml: kind: vendor', { 'accounts/odd.yaml': 'kind: vendor\n' }),
];

export const switchEdits: readonly Edit[] = [
  ofSwitch('name: other'),
  ofSwitch('currency: USD'),
  ofSwitch('sip:\n  listen:\n    - { transport: tcp, address: 127.0.0.2, port: 5061 }'),
  ofSwitch(
    'sip:\n  listen:\n    - { transport: udp, address: 127.0.0.1, port: 5060 }\n  server: { host: 127.0.0.1, port: 9022, secret: { env: DRACHTIO_SECRET } }',
  ),
  ofSwitch(
    'sip:\n  listen:\n    - { transport: udp, address: 127.0.0.1, port: 5060 }\n  server: { host: 127.0.0.1, port: 9022, secret: { file: drachtio.secret } }',
  ),
  ofSwitch('store: { path: elsewhere/records.db }'),
  ofSwitch(
    'rollout: { canaryPercent: 5, forMinutes: 20, abort: { asrDropPoints: 4, pddRiseSeconds: 2, minimumCalls: 300 } }',
  ),
  ofSwitch('history: { versions: 50, days: 90, compiledVersions: 5, megabytes: 500 }'),
  ofSwitch('plan: { allow: { routes: Acme has all of Africa, rates: A new deck of Best } }'),
  ofSwitch('hunting: { stopOn6xx: false }'),
  ofSwitch('hunting: { stopAfterRinging: true }'),
  set('switch.yaml', 'onNetNumbers: [own]', {
    'gateways/mapping/bell.yaml': `${network['gateways/mapping/bell.yaml']}calleeNetwork: off-net\n`,
  }),
  ...[
    'SS_SIP_TIMEOUT_INVITE: 3',
    'SS_SIP_TIMEOUT_TRYING: 3',
    'SS_SIP_TIMEOUT_SESSION_PROGRESS: 30',
    'SS_SIP_TIMEOUT_SESSION_PROGRESS_SDP: 30',
    'SS_SIP_TIMEOUT_RINGING: 30',
    'SS_SIP_RESEND_INTERVAL: "1,2"',
    'SS_SIP_SEND_RETRY: 2',
    'SS_GATEWAY_SWITCH_LIMIT: 1',
    'SS_GATEWAY_SWITCH_UNTIL_CONNECT: On',
    'SS_GATEWAY_SWITCH_STOP_AFTER_USER_BUSY: Off',
    'SS_SIP_STOP_SWITCH_AFTER_SDP: Off',
    'SS_SIP_USER_AGENT_STOP_SWITCH_AFTER_INVITE_TIMEOUT: On',
    'SS_TRY_PROTECT_ROUTE_DELAY: 12',
    'SERVER_GATEWAY_ROUTE_PREFIX: "4"',
    'SS_GATEWAY_ASR_CALCULATE: On',
    'SS_GATEWAY_QUALITY_RESERVE_TIME: 600',
    'SS_GATEWAY_QUALITY_RESERVE_SEPARATE: 6',
    'SS_SIP_OPTIONS_CHECK_PERIOD: 20',
    'SS_MAX_CPS: 10',
    'SS_MAX_CALL_DURATION: 600',
    'SS_SIP_NO_TIMER_REINVITE_INTERVAL: 600',
    'SS_REPLY_UNAUTHORIZED: Off',
    'SERVER_BILLING_RECORD_ILLEGAL_CALL: Off',
    'SERVER_BILLING_RECORD_ZERO_HOLD_TIME: Off',
    'SERVER_BILLING_RECORD_SERVER_HANG_UP: Off',
    'SERVER_BILLING_HOLD_TIME_PRECISION: 500',
    'SERVER_BILLING_FEE_PRECISION: 2',
    'SERVER_BILLING_FREE_TIME: 5',
    'SERVER_BILLING_FREE_E164S: ["447*"]',
    'SERVER_BILLING_PREVENT_OVERDRAFT_ADVANCE_TIME: 12',
    'SERVER_VERIFY_CLEARING_CUSTOMER_REMAIN_MONEY_LIMIT: Off',
  ].map(parameter),
];
