/** Mistakes that are made in the engine on purpose, in its compiled text: the scenarios must notice each of them. */

export interface Mutation {
  /** What becomes wrong, as a sentence. */
  readonly mistake: string;
  /** Compiled file, relative to src/. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly text: string;
  readonly replacement: string;
}

export const routingMutations: readonly Mutation[] = [
  {
    mistake: 'Groups are walked from the shortest prefix to the longest',
    file: 'routing/select-route.js',
    text: 'let match = matchingPrefixes(trie, request.callee, matchedEntries, matchedLengths) - 1; match >= 0; match--',
    replacement:
      'let match = 0, all = matchingPrefixes(trie, request.callee, matchedEntries, matchedLengths); match < all; match++',
  },
  {
    mistake: 'Expiration does not end the walk',
    file: 'routing/select-route.js',
    text: 'if (exclusion === null && (step & stepExpires) !== 0)',
    replacement: 'if (false)',
  },
  {
    mistake: 'Gateways that the rules exclude end the walk as well',
    file: 'routing/select-route.js',
    text: 'if (exclusion === null && (step & stepExpires) !== 0)',
    replacement: 'if ((step & stepExpires) === 0 && exclusion !== null)',
  },
  {
    mistake: 'Protect routes are tried like all others',
    file: 'routing/select-route.js',
    text: 'if (index.protects[gateway] === 1)',
    replacement: 'if (false)',
  },
  {
    mistake: 'A gateway that is excluded is tried all the same',
    file: 'routing/select-route.js',
    text: 'const reason = exclusion ?? refusal;',
    replacement: 'const reason = refusal;',
  },
  {
    mistake: 'It is forgotten that somebody could have been asked who is full',
    file: 'routing/select-route.js',
    text: 'if (exclusion === null)\n                    someBusy = true;',
    replacement: '',
  },
  {
    mistake: 'The profit that a routing gateway asks for does not count',
    file: 'routing/static-rules.js',
    text: "return 'profitBelowMinimum';",
    replacement: 'return null;',
  },
  {
    mistake: 'A gateway may have one line more than its limit',
    file: 'routing/gateway-availability.js',
    text: 'if (state.activeLines(gateway) >= this.#settings.lines[gateway])',
    replacement: 'if (state.activeLines(gateway) > this.#settings.lines[gateway])',
  },
  {
    mistake: 'Call rates of routing gateways do not count',
    file: 'routing/gateway-availability.js',
    text: "return 'callRateReached';",
    replacement: 'return null;',
  },
  {
    mistake: 'Reserved lines of a group are one fewer',
    file: 'routing/gateway-availability.js',
    text: 'if (free < this.#reservedLines[i])',
    replacement: 'if (free < this.#reservedLines[i] - 1)',
  },
  {
    mistake: 'The lines of a vendor over all its gateways do not count',
    file: 'routing/gateway-availability.js',
    text: "return 'vendorLinesFull';",
    replacement: 'return null;',
  },
  {
    mistake: 'A gateway that is offline is used',
    file: 'routing/gateway-availability.js',
    text: "return 'offline';",
    replacement: 'return null;',
  },
  {
    mistake: 'Retry-After is forgotten',
    file: 'routing/gateway-availability.js',
    text: 'if (state.unavailableUntilMs(gateway) > atMs)',
    replacement: 'if (state.unavailableUntilMs(gateway) > atMs + 86400000)',
  },
  {
    mistake: 'Higher priorities are tried first',
    file: 'routing/route-order.js',
    text: 'keys[i] = priorityRank[gateway] + next;',
    replacement: 'keys[i] = -priorityRank[gateway] + next;',
  },
  {
    mistake: 'The gateway with the worse quality is tried first',
    file: 'routing/route-order.js',
    text: 'return -(this.#state.asr(gateway) ?? this.#unknownAsr[gateway]);',
    replacement: 'return (this.#state.asr(gateway) ?? this.#unknownAsr[gateway]) - 1;',
  },
  {
    mistake: 'The more loaded gateway is tried first',
    file: 'routing/route-order.js',
    text: 'state.activeLines(gateway) / lines;',
    replacement: '1 - state.activeLines(gateway) / lines;',
  },
  {
    mistake: 'A locked gateway is used',
    file: 'routing/static-rules.js',
    text: "return 'locked';",
    replacement: 'return null;',
  },
  {
    mistake: 'A vendor is used after its last day',
    file: 'routing/static-rules.js',
    text: 'this.#atMs >= this.#validUntilMs[gateway]',
    replacement: 'this.#atMs < 0',
  },
  {
    mistake: 'The groups of a mapping gateway are not asked',
    file: 'routing/static-rules.js',
    text: "return 'mappingGatewayGroupNotAllowed';",
    replacement: 'return null;',
  },
  {
    mistake: 'A filter allows what it should deny',
    file: 'routing/number-filter.js',
    text: "return filter.indexes.includes(index) === (filter.kind === 'allow');",
    replacement: "return filter.indexes.includes(index) === (filter.kind === 'deny');",
  },
  {
    mistake: 'A price that is just too high is accepted',
    file: 'routing/vendor-price.js',
    text: 'const right = limit.amount * seconds * (100 - percent);',
    replacement: 'const right = limit.amount * seconds * 100;',
  },
  {
    mistake: 'Prices of vendors are compared without their unit',
    file: 'routing/vendor-price.js',
    text: 'const left = amount * limit.seconds * 100;',
    replacement: 'const left = amount * 100;',
  },
];

export const huntingMutations: readonly Mutation[] = [
  {
    mistake: 'Stop codes do not stop',
    file: 'call/hunting.js',
    text: 'from <= failure.status && failure.status <= to',
    replacement: 'from < failure.status && failure.status < to',
  },
  {
    mistake: '600 alone is a 6xx',
    file: 'call/hunting.js',
    text: 'failure.status >= 600',
    replacement: 'failure.status === 600',
  },
  {
    mistake: '480 is taken for busy',
    file: 'call/hunting.js',
    text: 'failure.status === 486',
    replacement: 'failure.status === 480',
  },
  {
    mistake: 'Every timeout counts as an INVITE timeout',
    file: 'call/hunting.js',
    text: "failure.kind === 'timeout' && failure.stage === 'invite'",
    replacement: "failure.kind === 'timeout'",
  },
  {
    mistake: 'A ringing timeout is a timeout like another',
    file: 'call/hunting.js',
    text: "failure.kind === 'timeout' && failure.stage === 'ringing'",
    replacement: 'false',
  },
  {
    mistake: 'Early media is not remembered',
    file: 'call/attempt.js',
    text: 'this.sdpSeen = true;',
    replacement: 'this.sdpSeen = false;',
  },
  {
    mistake: 'Until connect overrides nothing',
    file: 'call/hunting.js',
    text: 'if (rule.overridden && rules.untilConnect)',
    replacement: 'if (false)',
  },
  {
    mistake: 'Retry-After counts for every code',
    file: 'call/hunting.js',
    text: 'if (status !== 503 || retryAfterSeconds === null || !(retryAfterSeconds > 0))',
    replacement: 'if (true)',
  },
  {
    mistake: 'Replaced codes are not replaced',
    file: 'call/hunting.js',
    text: 'if (from === received)',
    replacement: 'if (false)',
  },
  {
    mistake: 'One gateway more than allowed is tried',
    file: 'call/hunt.js',
    text: 'this.attempts.length >= gatewaySwitchLimit',
    replacement: 'this.attempts.length > gatewaySwitchLimit',
  },
  {
    mistake: 'The protect route delay counts from nowhere',
    file: 'call/hunt.js',
    text: 'nowMs - startedAtMs >= delayMs',
    replacement: 'nowMs >= delayMs',
  },
  {
    mistake: 'Protect routes never come before the others',
    file: 'call/candidates.js',
    text: 'protectLeft && (protectDelayPassed || !normalLeft)',
    replacement: 'protectLeft && !normalLeft',
  },
  {
    mistake: 'After 100 Trying the INVITE timeout goes on',
    file: 'call/timers.js',
    text: 'return timeouts.tryingMs;',
    replacement: 'return timeouts.inviteMs;',
  },
  {
    mistake: 'Early media has the timeout of progress without it',
    file: 'call/timers.js',
    text: "return hasSdp ? 'progressSdp' : 'progress';",
    replacement: "return 'progress';",
  },
  {
    mistake: 'The limit of the account does not end calls',
    file: 'call/talk-limit.js',
    text: 'limitOf(account.maxCallDurationSeconds), ',
    replacement: '',
  },
];

export const ratingMutations: readonly Mutation[] = [
  {
    mistake: 'Every fraction of a second counts as a second',
    file: 'rating/charge.js',
    text: 'fractionMs > 0 && fractionMs >= holdTimePrecisionMs',
    replacement: 'fractionMs > 0',
  },
  {
    mistake: 'Charges are rounded down',
    file: 'rating/charge.js',
    text: '(2n * numerator + denominator) / (2n * denominator)',
    replacement: 'numerator / denominator',
  },
  {
    mistake: 'Free seconds are not free',
    file: 'rating/charge.js',
    text: 'let left = talkSeconds - rate.freeSeconds;',
    replacement: 'let left = talkSeconds;',
  },
  {
    mistake: 'The first increment is taken for every increment',
    file: 'rating/charge.js',
    text: 'const next = rate.nextIncrementSeconds;',
    replacement: 'const next = rate.firstIncrementSeconds;',
  },
  {
    mistake: 'The last increment is not whole',
    file: 'rating/charge.js',
    text: 'Math.ceil((seconds - first) / next)',
    replacement: 'Math.floor((seconds - first) / next)',
  },
  {
    mistake: 'The connect fee is not charged',
    file: 'rating/charge.js',
    text: '(rate.connectFee + stageFees) * unit',
    replacement: 'stageFees * unit',
  },
  {
    mistake: 'Seconds of stages are charged by the ordinary rate as well',
    file: 'rating/charge.js',
    text: 'left -= stage.seconds;',
    replacement: '',
  },
  {
    mistake: 'Rows count before they come into effect',
    file: 'rating/rate-table.js',
    text: 'table.effectiveFromMs[row] <= atMs && ',
    replacement: '',
  },
  {
    mistake: 'Rows count after they have ended',
    file: 'rating/rate-table.js',
    text: ' && atMs < table.effectiveUntilMs[row]',
    replacement: '',
  },
  {
    mistake: 'Locked rows are no different',
    file: 'rating/rate-table.js',
    text: 'return table.locked[row] === 1;',
    replacement: 'return false;',
  },
  {
    mistake: 'The private rate table is not asked',
    file: 'rating/account-rate.js',
    text: 'if (own !== null)',
    replacement: 'if (false)',
  },
  {
    mistake: 'Rate tables by the time of day are not asked',
    file: 'rating/account-rate.js',
    text: 'if (isInside(calendars[calendar], atMs))',
    replacement: 'if (false)',
  },
  {
    mistake: 'Numbers that begin like a free number are free',
    file: 'rating/free-numbers.js',
    text: 'return whole.size > 0 && whole.has(callee);',
    replacement: 'return items.some(item => callee.startsWith(item));',
  },
  {
    mistake: 'Calls are cut off one increment too early',
    file: 'rating/credit.js',
    text: '((payable - first) / next) * next',
    replacement: '((payable - first) / next - 1n) * next',
  },
  {
    mistake: 'Holds of other calls do not count',
    file: 'call/holds.js',
    text: 'this.balance + overdraftLimit - this.held',
    replacement: 'this.balance + overdraftLimit',
  },
];
