export {
  DIAL_PLAN,
  phrasesOf,
  tooMany,
  resolveDial,
  type DialEffect,
  type DialFacts,
  type DialName,
  type DialRule,
} from './dial.ts';
export { dialAhead, type Ahead, type AheadFacts, type Meant } from './dial-ahead.ts';
export { followDiverts, latestDivert, targetOf, type DivertFacts, type Followed } from './divert.ts';
export { Directory, MAX_NODES, type RosterEntry } from './directory.ts';
export { NOBODY, type Membership } from './membership.ts';
export {
  directoryFromJson,
  directoryToJson,
  loadDirectory,
  saveDirectory,
  type SavedDirectory,
} from './saved.ts';
