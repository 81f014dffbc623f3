export { dial, DIAL_PLAN, phrasesOf, type Dialled, type Dialling, type DialRule } from './dial.ts';
export { Directory, MAX_NODES, type RosterEntry } from './directory.ts';
export {
  directoryFromJson,
  directoryToJson,
  loadDirectory,
  saveDirectory,
  type SavedDirectory,
} from './saved.ts';
