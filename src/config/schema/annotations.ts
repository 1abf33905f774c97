/** Annotations for people and for the diagnostics; the last one is what editors show, the others are our own. */
export const annotations = [
  'x-expected',
  'x-form',
  'x-unit',
  'x-restart',
  'x-inherits',
  'x-old-spellings',
  'x-reference',
  'x-key-reference',
  'x-elsewhere',
  'patternErrorMessage',
];
