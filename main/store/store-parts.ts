import type { MessageId, Emitter } from '../model/index.ts';
import type { Followers } from './followers.ts';
import type { MessageIndex } from './message-index.ts';
import type { StoreEvents } from './store-options.ts';
import type { Writer } from './writer.ts';

/** What the store's parts share. */
export interface StoreParts {
  /** The folder of the messages' files. */
  readonly directory: string;
  readonly index: MessageIndex;
  readonly events: Emitter<StoreEvents>;
  readonly followers: Followers;
  readonly writer: Writer;
  /** Something about this message changed: it is written to the index, and told. */
  readonly changed: (id: MessageId) => void;
  /** Something was found wrong, and put right as far as it goes. */
  readonly found: (sentence: string) => void;
}
