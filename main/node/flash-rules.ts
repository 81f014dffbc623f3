import type { Flash, SettingValues } from '../../preload/api.ts';
import type { CallView } from '../calls/index.ts';

/** What calls a person, besides calls. */
export type Calling =
  /** A message begins to sound. `isChosen`: since the person plays it. */
  | { readonly type: 'sounding'; readonly name: string; readonly isPage: boolean; readonly isChosen: boolean }
  /** Another talker waits until the present voice has ended. */
  | { readonly type: 'waits'; readonly name: string }
  | { readonly type: 'notification'; readonly name: string }
  | { readonly type: 'asked'; readonly by: 'request' | 'move' };

export interface FlashFacts {
  readonly signals: SettingValues['signals'];
  /** Nothing flashes behind a locked screen, as nothing sounds there, and nobody is named. */
  readonly isLocked: boolean;
  /** The person wants no notifications now. */
  readonly isQuiet: boolean;
}

/** How the screen flashes for it; null: it does not. */
export function flashOf(calling: Calling, { signals, isLocked, isQuiet }: FlashFacts): Flash | null {
  if (signals === 'sound' || isLocked) return null;
  if (calling.type === 'sounding') {
    const { name, isPage, isChosen } = calling;
    return isChosen ? null : { cause: isPage ? 'pages' : 'speaks', name, lasts: false };
  }
  if (calling.type === 'waits') return { cause: 'waits', name: calling.name, lasts: false };
  if (isQuiet) return null;
  if (calling.type === 'asked') return { cause: calling.by, name: '', lasts: false };
  return { cause: 'message', name: calling.name, lasts: false };
}

type Seen = Pick<
  CallView,
  'id' | 'person' | 'direction' | 'state' | 'isIncoming' | 'isAutomatic' | 'isRecordedByThem'
>;

/** The call that rings here, for which the screen flashes as long as it does; undefined: there is none. */
export function ringingIn<C extends Seen>(
  calls: readonly C[],
  { signals, isLocked }: FlashFacts,
): C | undefined {
  if (signals === 'sound' || isLocked) return undefined;
  return calls.find(({ isIncoming, state }) => isIncoming && state !== 'notified');
}

/** What opens this person's microphone, or keeps what it hears, without their doing, since the calls were as before. */
export function newsIn<C extends Seen>(
  before: readonly Seen[],
  calls: readonly C[],
  { signals, isLocked }: FlashFacts,
): { readonly cause: 'answered' | 'records'; readonly call: C } | undefined {
  if (signals === 'sound' || isLocked) return undefined;
  const isNew = (call: C, was: (one: Seen) => boolean): boolean =>
    was(call) && !before.some((one) => one.id === call.id && was(one));
  const records = calls.find((call) => isNew(call, ({ isRecordedByThem }) => isRecordedByThem));
  if (records) return { cause: 'records', call: records };
  const answered = calls.find((call) => isNew(call, isAnsweredByItself));
  return answered && { cause: 'answered', call: answered };
}

function isAnsweredByItself({ direction, state, isAutomatic }: Seen): boolean {
  return direction === 'in' && state === 'active' && isAutomatic;
}
