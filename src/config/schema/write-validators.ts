/** Run by the build, when everything is compiled. */
import { writeValidators } from './validator.ts';

writeValidators();
