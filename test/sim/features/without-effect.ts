/** Settings that no scenario can notice, each with the reason. */
export const withoutEffect: ReadonlyMap<string, string> = new Map([
  ['switch name', 'It stands in logs and in status.'],
  ['switch currency', 'All amounts are in it; nothing is converted.'],
  [
    'switch sip',
    'Scenarios have a network of their own; the tests of src/sip and src/edge listen and connect.',
  ],
  ...[
    'sip.listen',
    'sip.listen[]',
    'sip.listen[].transport',
    'sip.listen[].address',
    'sip.listen[].port',
    'sip.server',
    'sip.server.host',
    'sip.server.port',
    'sip.server.secret',
    'sip.server.secret.env',
    'sip.server.secret.file',
  ].map(path => [`switch ${path}`, 'As sip.'] as const),
  ['switch store', 'Where records are kept changes none of them.'],
  ['switch store.path', 'As store.'],
  ['switch history', 'What is kept of older versions changes no call.'],
  ...['versions', 'days', 'compiledVersions', 'megabytes'].map(
    key => [`switch history.${key}`, 'As history.'] as const,
  ),
  [
    'switch rollout',
    'A scenario plays one configuration, which serves all of its calls; the tests of src/rollout try another one.',
  ],
  ...[
    'canaryPercent',
    'forMinutes',
    'abort',
    'abort.asrDropPoints',
    'abort.pddRiseSeconds',
    'abort.minimumCalls',
  ].map(path => [`switch rollout.${path}`, 'As rollout.'] as const),
  ['routing-gateway address', 'The gateways of a scenario are known by their names, wherever they are.'],
  ['routing-gateway transport', 'As the address.'],
  ['rate-table rows[].destination', 'It is for people; no call and no record has it.'],
  [
    'account kind',
    'A customer with mapping gateways cannot be a vendor, nor a vendor with routing gateways a customer.',
  ],
  ['rate-table deck.delimiter', 'A deck with another one cannot be read.'],
  ['lrn-table delimiter', 'As that of a deck.'],
]);
