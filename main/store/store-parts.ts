import type { Emitter, MessageId, Ports } from '../model/index.ts';
import type { Arrivals } from './arrivals.ts';
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
  readonly arrivals: Arrivals;
  readonly events: Emitter<StoreEvents>;
  readonly streams: FragmentStreams;
  readonly writer: Writer;
  /** A message changed: writes it to the index, and emits `changed`. */
  readonly changed: (id: MessageId) => void;
  /** Damage was found, and repaired as far as possible. */
  readonly found: (sentence: string) => void;
}
