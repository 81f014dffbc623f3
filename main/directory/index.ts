export {
  DIAL_PLAN,
  dialPlanOf,
  effectOfRow,
  phrasesOf,
  resolveDial,
  type DialRule,
  type PlanFacts,
} from './dial.ts';
export { dialAhead, type AheadFacts, type Meant } from './dial-ahead.ts';
export { followDiverts, latestDivert, targetOf, type DivertFacts, type Followed } from './divert.ts';
export { refusalOf, type DialledGroup } from './dialled-group.ts';
export { tooMany, type DialEffect, type DialFacts } from './effects.ts';
export { Directory, MAX_NODES, type RosterEntry } from './directory.ts';
export { NOBODY, type Membership } from './membership.ts';
export { directoryToJson, loadDirectory, saveDirectory } from './saved.ts';
