/**
 * The numbers of a call at each stage. In records from before, NULL stands where numbers were never rewritten: what
 * was received was rated and sent. Calls in progress are brought up to date, since their journal is read as it is.
 */
export const numbersOfCalls = `
ALTER TABLE cdr ADD COLUMN forwarding TEXT;
ALTER TABLE cdr ADD COLUMN billing_caller TEXT;
ALTER TABLE cdr ADD COLUMN billing_callee TEXT;
ALTER TABLE cdr ADD COLUMN sent_caller TEXT;
ALTER TABLE cdr ADD COLUMN sent_callee TEXT;
UPDATE journal SET call = json_set(
  call,
  '$.forwarding', NULL,
  '$.billingCaller', json_extract(call, '$.caller'),
  '$.billingCallee', json_extract(call, '$.callee'),
  '$.sentCaller', iif(json_extract(call, '$.routingGateway') IS NULL, NULL, json_extract(call, '$.caller')),
  '$.sentCallee', iif(json_extract(call, '$.routingGateway') IS NULL, NULL, json_extract(call, '$.callee'))
);
`;
