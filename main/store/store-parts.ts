import type { Emitter, MessageId, Ports } from '../model/index.ts';
import type { FragmentStreams } from './fragment-streams.ts';
import type { MessageIndex } from './message-index.ts';
import type { StoreEvents } from './store-options.ts';
import type { Writer } from './writer.ts';

/** What the store's parts share. */
export interface StoreParts {
  readonly ports: Ports;
  /** The folder of the messages' files. */
  readonly directory: string;
  readonly index: MessageIndex;
  readonly events: Emitter<StoreEvents>;
  readonly streams: FragmentStreams;
  readonly writer: Writer;
  /** Something about this message changed: it is written to the index, and told. */
  readonly changed: (id: MessageId) => void;
  /** Something was found wrong, and put right as far as it goes. */
  readonly found: (sentence: string) => void;
}
