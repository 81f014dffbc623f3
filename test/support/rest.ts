import { nextTurn } from '../../main/model/index.ts';
import { isKeyWorkPending } from './key-work.ts';

/** Turns of the event loop in which what a moment began goes as far as it can: a simulation waits for no disk and no network. */
const TURNS = 6;

/** Resolves when nothing goes on any more until a simulation's time passes. */
export async function rest(): Promise<void> {
  for (let turns = 0; turns < TURNS; turns = isKeyWorkPending() ? 0 : turns + 1) await nextTurn();
}
