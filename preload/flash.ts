/**
 * What a flash of the screen calls for. speaks: somebody is heard without a click; answered: a call was answered by itself; records:
 * somebody records a call with this person; message: one waits; request: somebody asks to be let in; move: a colleague asks to move to
 * another office; try: the person tries it.
 */
export type FlashCause =
  'speaks' | 'waits' | 'pages' | 'calls' | 'answered' | 'records' | 'message' | 'request' | 'move' | 'try';

/** The screen flashes for a person who does not hear what calls them. */
export interface Flash {
  readonly cause: FlashCause;
  /** Who it is; empty: nobody is named. */
  readonly name: string;
  /** It goes on, as a call rings, until the event with null. */
  readonly lasts: boolean;
}
