import { type Evidence, evidenceMax } from './judge.ts';

/** As much evidence as people read. */
const evidenceTold = 3;

/** What a change was taken back for. */
export function evidenceTexts(evidence: readonly Evidence[]): string {
  const told = evidence.slice(0, evidenceTold).map(evidenceText);
  const more = evidence.length - told.length;
  if (more === 0) return told.join('; ');
  return [...told, evidence.length < evidenceMax ? `and ${more} more` : 'and much more'].join('; ');
}

/** One line for people: where, how much worse, both sides with their calls, and how certain it is. */
export function evidenceText(evidence: Evidence): string {
  const { measure, stableCalls, candidateCalls, stableValue, candidateValue, difference } = evidence;
  const where = placeText(evidence);
  const sides = (unit: (value: number) => string): string =>
    `${unit(stableValue)} of ${stableCalls} calls before, ${unit(candidateValue)} of ${candidateCalls} with the candidate`;
  const certain = `p ${pText(evidence.pValue)}`;
  if (measure === 'asr') {
    return `ASR${where} is ${(-difference).toFixed(1)} points lower (${sides(percent)}; ${certain})`;
  }
  if (measure === 'refusals') {
    return `calls${where} are refused more often (${sides(percent)}; ${certain})`;
  }
  const delays = `mean ${seconds(stableValue)} of ${stableCalls} calls before, ${seconds(candidateValue)} of ${candidateCalls} with the candidate`;
  return `PDD${where} is ${seconds(difference)} longer (${delays}; ${certain})`;
}

function placeText({ account, gateway, destination }: Evidence): string {
  const parts = [
    account === null ? '' : ` of customer ${account}`,
    gateway === null ? '' : ` of gateway ${gateway}`,
    destination === null ? '' : ` to ${destination}`,
  ];
  return parts.join('');
}

function percent(value: number): string {
  return `${value.toFixed(1)} %`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function pText(p: number): string {
  return p < 0.0001 ? '< 0.0001' : `= ${p.toFixed(4)}`;
}
