/** C45: lint, what is legal and probably not meant. */
import { warning } from './entry.ts';

export const lint = {
  C4501: warning(
    'A comment that ignores without a reason',
    'A warning is silenced by its code and the reason why it is right as it is, so that the next reader need not find out again. This comment silences nothing.',
    'Write # class4-ignore C4510: and the reason behind it; several codes are separated by commas.',
  ),
  C4502: warning(
    'A comment that ignores a code there is not',
    'The comment names a code that no diagnostic has, so it silences nothing.',
    'Correct the code, as docs/diagnostics.md has it.',
  ),
  C4503: warning(
    'A comment that ignores nothing',
    'The warning that the comment silences is not given any more, or not at this place. Left standing, it would silence the next one that nobody has thought about.',
    'Remove the comment, or move it to the line of the warning or the line above.',
  ),
  C4504: warning(
    'A comment that ignores what cannot be ignored',
    'An error stops the configuration from being used, whatever a comment says; and what is said about such comments cannot be silenced by one.',
    'Remove the comment and correct the error.',
  ),
  C4510: warning(
    'Prefixes with one vendor only',
    'Customers have prices for these numbers, and all gateways that lead there belong to one vendor. When that vendor fails, so does every call. Shorter prefixes and protect routes of other vendors count as a backup unless a gateway in Expiration mode stands before them.',
    'Give a gateway of a second vendor the prefix, a shorter one, or make it a protect route.',
  ),
  C4511: warning(
    'A route that no call can reach',
    'The gateway has the prefix, but no call comes to it: it is locked, nobody is allowed to it, its vendor’s account is locked or has expired, callees are filtered before, no customer has a price, or a gateway in Expiration mode ends the search before it.',
    'Remove the route, or what keeps calls from it.',
  ),
  C4512: warning(
    'A mapping gateway through which no call gets',
    'It is locked, its account is locked or has expired, or there is no routing gateway that it may use.',
    'Remove the gateway, or what stops its calls.',
  ),
  C4520: warning(
    'A rate below the cost',
    'What the customer pays for a second is less than what a vendor charges who may get the call. Connect fees, free seconds and stages are not part of the comparison.',
    'Raise the rate, deny the vendor’s gateways to these customers, or say why the loss is wanted.',
  ),
  C4521: warning(
    'Vendor increments coarser than the customer’s',
    'A call of one second is billed as a minute by a vendor with 60/60 and as a second to a customer with 1/1: short calls lose money although the rate is higher.',
    'Agree on finer increments with the vendor, or bill the customer in the same steps.',
  ),
  C4522: warning(
    'Rates for numbers that no gateway carries',
    'The customer has a price for these numbers, but no gateway that the customer may use has a prefix for any of them: all such calls fail.',
    'Remove the rates, or give a gateway the prefix.',
  ),
  C4523: warning(
    'Prefixes that the vendor has no rate for',
    'The rate table of the clearing account has no rate, or none for a part of the numbers. With checkRate such calls pass the gateway by; without, their cost and profit are unknown.',
    'Add the rates, shorten the list of prefixes, or mark the vendor’s account unrated when costs are accounted for elsewhere.',
  ),
  C4530: warning(
    'A prepaid customer without a longest call',
    'Nothing but the money ends a call of this customer. A call that was stolen or never hung up spends all of it at once.',
    'Set maxCallDurationSeconds in the account or its mapping gateways, or SS_MAX_CALL_DURATION for all.',
  ),
  C4531: warning(
    'Calls let in from a wide public network',
    'Authentication ip takes a call from any address of the range for one of this customer. The wider a public range, the more strangers are in it.',
    'List the addresses that the customer calls from, or a range of at most four.',
  ),
  C4532: warning(
    'A secret that others can read',
    'The file of the secret may be read or written by more than its owner, or is committed to git, where everybody with the repository has it for ever.',
    'Keep the file out of the repository, readable by the user of the switch alone, or use { env: NAME }.',
  ),
  C4540: warning(
    'A setting that another takes the effect from',
    'Two settings are possible each by itself, but together one of them never has an effect, or the opposite of what its reader expects.',
    'Correct one of the two, or remove the one without effect.',
  ),
  C4541: warning(
    'A share of calls without a route',
    'The calls of a share have its route tag before their number, and only a prefix that begins with the tag, or with which the tag begins, can carry them.',
    'Give a routing gateway a prefix with the tag, or correct the tag.',
  ),
  C4550: warning(
    'An object that nothing uses',
    'Nothing names the object: no gateway the account or group, no account the rate table. Either something else names the wrong one, or it is left over.',
    'Remove the file, or name the object where it was meant to be used.',
  ),
  C4551: warning(
    'A deck that no rate table names',
    'A CSV file in rates/ has an effect only when the `deck` of a rate table names it.',
    'Name it in a rate table, move it out of rates/, or remove it.',
  ),
};
