/** Who calls, whether the call may begin, and what its numbers are: up to the choice of gateways. */
import { type AuthorisationRefusal, authoriseFrom } from '../call/authorise.ts';
import type { Price } from '../call/prices.ts';
import type { MappingGateway, Snapshot } from '../config/snapshot.ts';
import { acceptsNumbers, findMappingGateway } from '../routing/ingress.ts';
import { type PreparedNumbers, prepareNumbers, type RefusedNumbers } from '../routing/prepare-numbers.ts';
import type { Circumstances } from './circumstances.ts';
import type {
  ExplainedAuthentication,
  ExplainedNumbers,
  ExplainedRejection,
  NumbersOfCall,
} from './explanation.ts';
import { placeText } from './place-text.ts';
import { mappingGatewayNamed, type Question, receivedNumbers } from './question.ts';
import { explainRefusal, rejection } from './refusals.ts';
import { explainStep } from './sent-numbers.ts';

export interface Arrival {
  readonly received: NumbersOfCall;
  readonly seed: number;
  readonly authentication: ExplainedAuthentication;
  /** null when nobody is known at the address. */
  readonly gateway: MappingGateway | null;
  readonly numbers: ExplainedNumbers;
  /** null when the call is turned away. */
  readonly allowed: { readonly prepared: PreparedNumbers; readonly price: Price | null } | null;
  readonly rejected: ExplainedRejection | null;
}

interface Sender {
  readonly authentication: ExplainedAuthentication;
  readonly gateway: MappingGateway | null;
  readonly numbersAllowed: boolean;
}

/** @throws ExplainError when the mapping gateway or a number is none. */
export function arrive({ view, draining }: Circumstances, question: Question): Arrival {
  const { snapshot } = view;
  const { atMs } = question;
  const received = receivedNumbers(question);
  const { authentication, gateway, numbersAllowed } = senderOf(snapshot, question, received);
  if (gateway === null) {
    const rejected = rejection('IllegalCall', authentication.detail, null);
    return {
      received,
      seed: question.inviteSeed ?? question.seed ?? 0,
      authentication,
      gateway,
      numbers: nothingDone,
      allowed: null,
      rejected,
    };
  }
  const { carried } = view.mappingGateways[gateway.index]!;
  const callsBefore = question.inviteSeed === undefined ? (question.seed ?? carried) : carried;
  const seed = question.inviteSeed ?? callsBefore;
  const call = { ...received, seed };
  const authorisation = authoriseFrom(snapshot, gateway, call, numbersAllowed, callsBefore, draining, atMs);
  const circumstances = { atMs, seed, shareSlot: callsBefore };
  const prepared = prepareNumbers(snapshot, gateway, received, circumstances, true);
  const arrival = { received, seed, authentication, gateway };
  if (authorisation.kind === 'rejected') {
    // Numbers are prepared behind the other checks: before, nothing was done to them.
    const isPrepared = authorisation.numbers !== null || wasRefused(authorisation.reason, prepared);
    const rejected = explainRefusal(snapshot, authorisation, prepared, received, atMs);
    const numbers = isPrepared ? explainNumbers(prepared) : nothingDone;
    return { ...arrival, numbers, allowed: null, rejected };
  }
  const { numbers, price } = authorisation;
  return {
    ...arrival,
    numbers: explainNumbers(prepared),
    allowed: { prepared: numbers, price },
    rejected: null,
  };
}

const nothingDone: ExplainedNumbers = { steps: [], routed: null, rated: null };

function wasRefused(reason: AuthorisationRefusal, prepared: PreparedNumbers | RefusedNumbers): boolean {
  return prepared.kind === 'refused' && prepared.reason === reason;
}

function explainNumbers(prepared: PreparedNumbers | RefusedNumbers): ExplainedNumbers {
  const steps = prepared.steps.map(explainStep);
  if (prepared.kind === 'refused') return { steps, routed: null, rated: null };
  const { billing, calleeToRoute, calleeToRate } = prepared;
  return { steps, routed: { ...billing, callee: calleeToRoute }, rated: calleeToRate };
}

function senderOf(snapshot: Snapshot, { from, atMs }: Question, { caller, callee }: NumbersOfCall): Sender {
  if (from.kind === 'gateway') {
    const gateway = mappingGatewayNamed(snapshot, from.name);
    const numbersAllowed = acceptsNumbers(snapshot, gateway, caller, callee, atMs);
    const authentication: ExplainedAuthentication = {
      by: 'name',
      outcome: numbersAllowed ? 'found' : 'numberNotAllowed',
      detail: `via ${gateway.name}, as told`,
      source: placeText(gateway.source),
    };
    return { authentication, gateway, numbersAllowed };
  }
  const match = findMappingGateway(snapshot, from, caller, callee, atMs);
  const text = from.address.includes(':') ? `[${from.address}]:${from.port}` : `${from.address}:${from.port}`;
  if (match.kind === 'unknownSource') {
    const detail = `no mapping gateway has the address ${text}`;
    return {
      authentication: { by: 'address', outcome: 'unknownSource', detail, source: null },
      gateway: null,
      numbersAllowed: false,
    };
  }
  const gateway = snapshot.mappingGateways[match.mappingGateway]!;
  const found = match.kind === 'found';
  const detail = found
    ? `${text} is ${gateway.name}`
    : `${text} is known, but no mapping gateway there takes these numbers, ${gateway.name} neither`;
  const source = placeText(match.entry.source);
  return {
    authentication: {
      by: 'address',
      outcome: found ? 'found' : 'numberNotAllowed',
      detail,
      source,
    },
    gateway,
    numbersAllowed: found,
  };
}
