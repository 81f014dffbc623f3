export {
  DIAL_PLAN,
  dialPlanOf,
  effectOfRow,
  phrasesOf,
  resolveDial,
  type DialRule,
  type PlanFacts,
} from './dial.ts';
export { suggestDials, type SuggestionFacts, type DialSuggestion } from './dial-suggestions.ts';
export { followDiverts, latestDivert, targetOf, type DivertFacts, type FollowedDiverts } from './divert.ts';
export { refusalOf, type DialledGroup } from './dialled-group.ts';
export { tooMany, type DialEffect } from './effects.ts';
export { Directory, type RosterEntry } from './directory.ts';
export { type Membership } from './membership.ts';
export { directoryToJson, loadDirectory, saveDirectory } from './saved.ts';
