/** C47: scenario files, held against the configuration that they are about. */
import { error, warning } from './entry.ts';

export const scenarios = {
  C4701: error(
    'A scenario names what does not exist',
    'A scenario speaks of gateways, accounts, rate tables, end reasons and networks by their names. This name is none of the configuration, so what is said of it would hold of nothing.',
    'Correct the name. When the object was renamed or removed, change the scenario with it.',
  ),
  C4702: error(
    'Two scenarios have one name',
    'Reports, seeds and the choice of scenarios on the command line go by the name, so it stands for one scenario over all files that are played together.',
    'Say in the name what is particular to each of them.',
  ),
  C4703: error(
    'Two networks have one name',
    'Scenarios of all files may use a network by its name, so it stands for one over all files.',
    'Rename one of them, or remove it when they are the same.',
  ),
  C4704: error(
    'Networks extend each other in a circle',
    'A network takes what it does not say from the one that it extends. In a circle nobody says it.',
    'Remove one of the lines "extends".',
  ),
  C4705: error(
    'A range that holds nothing',
    'The beginning of a range comes first, and its end is at least as large. No value lies in a range that runs backwards, so the expectation could never be met.',
    'Swap the two ends.',
  ),
  C4706: error(
    'A scenario without a complete call',
    'Every scenario makes a call at least, and a call comes from somewhere and goes to a number.',
    'Add what is missing to the call, or to defaults.call for all calls of the file.',
  ),
  C4707: error(
    'An expectation that can never be met',
    'What is expected contradicts itself, or nothing that the switch does could bring it about. The scenario would fail whatever is configured.',
    'Correct one of the expectations.',
  ),
  C4708: error(
    'Too many calls in a scenario',
    'A scenario of more than a million calls takes more memory and time than a test should. What a burst shows, it shows with a few thousand.',
    'Make fewer calls, or divide them among several scenarios.',
  ),
  C4709: error(
    'A gateway cannot behave like this',
    'The words for a behaviour contradict each other, or one of them can never come into effect: a call is answered or refused, a response comes before the final one, and only an answered call is hung up.',
    'Remove one of them. A script of responses in any order is written with steps.',
  ),
  C4710: error(
    'There are no scenarios here',
    'A path that was given leads nowhere, cannot be read, or holds no scenario files. Scenario files end in .yaml and stand below ci/scenarios/ unless other paths are given.',
    'Correct the path, or write a first scenario: docs/simulate.md shows how.',
  ),
  C4711: error(
    'Circumstances that cannot be',
    'What is given says of one thing two things, or something that the configuration does not allow: only a gateway with a limit of lines can be full, and only one that is asked by OPTIONS is known to be down.',
    'Correct what is given.',
  ),
  C4712: error(
    'A call cannot come from there',
    'The source of a call is the address and port of a SIP program, with via it is one of that mapping gateway.',
    'Remove via or from: each of them alone says where the call comes from.',
  ),
  C4713: error(
    'Not exactly one thing happens',
    'An event is one thing that happens at one time, so that their order is plain to see.',
    'Write one event for each thing, with its own time.',
  ),
  C4714: warning(
    'A scenario file without scenarios',
    'The file has neither scenarios nor routes nor networks, so nothing is played and nobody uses it.',
    'Write scenarios into it, or remove it.',
  ),
};
