/** C43: what must be true between files. */
import { error, warning } from './entry.ts';

export const references = {
  C4301: error(
    'A name that nothing has',
    'The setting names an account, a gateway or another object for which there is no file.',
    'Correct the name, or create the file.',
  ),
  C4302: error(
    'An account of the wrong kind',
    'A mapping gateway is paid for by a customer account; the clearing account of a routing gateway is a vendor account.',
    'Name an account of the right kind, or correct `kind` in its file.',
  ),
  C4303: error(
    'A prefix stands twice in one gateway',
    'One prefix of one gateway is one route. Twice, with two modes perhaps, leaves open which one is meant.',
    'Remove one of the two.',
  ),
  C4304: error(
    'Two mapping gateways that cannot be told apart',
    'The same packet could come from either, so nobody could say who pays for the call. Gateways may share an address only when their allowed callers or callees begin differently.',
    'Make the addresses or ports differ, or give both callerPrefixes or calleePrefixes that exclude each other.',
  ),
  C4305: error(
    'A customer without prices',
    'Every call of a customer needs a rate. An account that is neither rated nor marked as free of charge would have all its calls refused.',
    'Add rateTable, or unrated: true when its calls are free of charge.',
  ),
  C4306: error(
    'Rates are checked, but there are none',
    'checkRate drops a gateway when its vendor has no rate for the number; a vendor without a rate table has none for any number.',
    'Add rateTable to the vendor account, or remove checkRate.',
  ),
  C4307: error(
    'Settings that contradict each other',
    'Both settings cannot be true, and the switch does not guess which one to ignore.',
    'Remove one of the two.',
  ),
  C4308: error(
    'Not an address',
    'The text is neither an IP address nor, where that is allowed, a range of addresses or a host name, or the port is missing or out of range.',
    'Write 192.0.2.1, 192.0.2.0/24, 192.0.2.1:5060 or [2001:db8::1]:5060, as the message says.',
  ),
  C4309: error(
    'Two listeners on one address',
    'Two entries of sip.listen ask for the same transport, address and port; only one of them could be opened.',
    'Remove one of the two.',
  ),
  C4310: warning(
    'Mixed prefix modes',
    'Several gateways have this prefix, some in Expiration and some in Extension mode. One Expiration gateway that the caller may use ends the search, also for those in Extension mode.',
    'Give the prefix the same mode in all of them, or keep it so when that is what you mean.',
  ),
  C4311: error(
    'Prices without a rate table for the rest',
    'Rate tables by calendar count for some times and a private one for some numbers. For everything else the account needs its ordinary rateTable.',
    'Add rateTable, or write the one table as rateTable.',
  ),
  C4312: error(
    'A calendar stands twice',
    'Of several entries with calendars, the first one whose calendar the time lies in is the only one that counts, so the second entry for a calendar would never be read.',
    'Remove one of the two entries.',
  ),
  C4320: error(
    'A response code replaced twice',
    'Each code of replaceFailedReason, and other, becomes one code. Of two replacements of the same code, one would be ignored.',
    'Remove one of the two.',
  ),
  C4330: error(
    'A gateway is in one group twice',
    'A membership takes a line of the group for each call and may keep some free. Twice, with two reserves perhaps, leaves open which one is meant.',
    'Remove one of the two.',
  ),
  C4331: error(
    'More lines are kept free than the group has',
    'The gateway steps aside while its group has fewer lines left than reservedLines. The group never has so many, so no call could ever use the gateway.',
    'Correct reservedLines, or the lines of the group. To take the gateway out, lock it.',
  ),
  C4332: warning(
    'Lines are kept free in a group without a limit',
    'A group that has no lines never runs out of them, so reservedLines has no effect.',
    'Give the group lines, or remove reservedLines.',
  ),
  C4333: error(
    'A price is compared that need not be there',
    'Profit, highest price and the order by cost need the price that the vendor asks. Without checkRate a gateway is also used where the vendor has no price for the number.',
    'Add checkRate: true.',
  ),
  C4334: error(
    'A caller pool without numbers',
    'A caller is shown with a whole number. This list has prefixes only, which are no numbers to call from.',
    'Add numbers to the list, or name another one.',
  ),
  C4335: warning(
    'A route tag that rating does not know',
    'A share puts this tag before the callee. Unless SERVER_GATEWAY_ROUTE_PREFIX lists it, the rate is looked up with the tag, and a table without it has none.',
    'Add the tag to SERVER_GATEWAY_ROUTE_PREFIX in switch.yaml.',
  ),
};
