import type { Identity } from '../identity/index.ts';
import { Resealer } from '../media/index.ts';
import {
  CorridorError,
  isAlone,
  type Fragment,
  type Header,
  type Manifest,
  type MessageId,
} from '../model/index.ts';
import type { Statement, StoredMessage } from '../store/index.ts';
import type { Archive, MessageReader } from './archive.ts';
import type { Addressing, Composer } from './compose.ts';
import { keyOf } from './message-key.ts';
import type { MessageSync } from './message-sync.ts';
import { OwnHashes } from './own-hashes.ts';
import { wordsIn } from './typed-words.ts';

/**
 * This many fragments (2 ms of work) are sealed before other work of the thread has its turn, so that forwarding ten minutes of
 * speech does not stall the node.
 */
const FRAGMENTS_AT_ONCE = 64;

/** This many statements on its fragments are signed (1 ms of work) before other work has its turn. */
const SIGNED_AT_ONCE = 8;

interface ForwardingParts {
  readonly identity: Identity;
  readonly archive: Archive;
  readonly composer: Composer;
  /** Resolves when other work of the thread has had its turn. */
  readonly nextTurn: () => Promise<void>;
}

/** A message that is whole from the beginning, in this node's own store. */
interface ForwardedMessage {
  readonly header: Statement<Header>;
  readonly manifest: Statement<Manifest>;
}

/** How a message goes out again. */
export interface Resent {
  /** When it is shown to have been spoken; left out: now. */
  readonly startedAt?: number;
  /** This many of its first fragments, since it was broken off; left out: all that its talker counted. */
  readonly count?: number | undefined;
}

/**
 * Makes a new message of this node out of one that it holds: the same speech, sealed anew for other people. Nothing of it is
 * kept unless all of it is there.
 * @throws CorridorError `not-complete` where the message is not whole here, `not-forwarded` where it cannot be kept, and
 * as `keyOf` and `wordsIn`
 */
export async function forwardMessage(
  { identity, archive, composer, nextTurn }: ForwardingParts,
  message: StoredMessage,
  addressing: Addressing,
  { startedAt, count = countOf(message) }: Resent = {},
): Promise<ForwardedMessage> {
  const { facts: spoken } = message.header;
  const isComplete = message.state === 'complete';
  if (count === 0 && !(isComplete && isAlone(spoken))) throw notComplete();
  const key = await keyOf(identity, message);
  const words = wordsIn(message, key);
  const draft = composer.draft(startedAt);
  const resealer = new Resealer({ key, ssrc: spoken.ssrc }, { key: draft.key, ssrc: draft.ssrc });
  const hashes = new OwnHashes(addressing.recipients);
  const fragments = await reseal({ read: archive.read, message, count, resealer, hashes, nextTurn });
  const header = await composer.header(draft, { ...addressing, words });
  const manifest = composer.manifest(draft.id, hashes.whole);
  archive.begin(header, { mine: 'talker', keeps: false });
  for (let at = 0; at < count; at += FRAGMENTS_AT_ONCE) {
    archive.append(draft.id, fragments.slice(at, at + FRAGMENTS_AT_ONCE));
    await nextTurn();
  }
  // Nobody hears it as it is spoken: the hashes go along with the fragments when they are fetched.
  for (const [at, hashed] of hashes.take().entries()) {
    archive.vouch(composer.hashes(draft.id, hashed));
    if (at % SIGNED_AT_ONCE === 0) await nextTurn();
  }
  const completion = await archive.end(manifest);
  if (completion !== 'complete' && completion !== 'unsaved') {
    await archive.discard(draft.id);
    throw new CorridorError(
      'not-forwarded',
      'The message could not be handed on: this computer has no room for a copy. Free some space and try again.',
    );
  }
  return { header, manifest };
}

interface ForwardingPorts extends ForwardingParts {
  readonly sync: MessageSync;
}

/** Forwards messages that this node holds to other people. */
export class Forwarding {
  readonly #parts: ForwardingPorts;

  constructor(parts: ForwardingPorts) {
    this.#parts = parts;
  }

  /** Seals a message that is held here for other people, and sends it. Returns the new one's id. @throws as `forwardMessage` */
  async send(message: StoredMessage, addressing: Addressing, how?: Resent): Promise<MessageId> {
    const { sync } = this.#parts;
    const { header } = await forwardMessage(this.#parts, message, addressing, how);
    sync.announceOwn(header);
    sync.endOwn(header.facts.id);
    return header.facts.id;
  }
}

interface Resealing {
  readonly read: MessageReader;
  readonly message: StoredMessage;
  readonly count: number;
  readonly resealer: Resealer;
  /** The fragments of the new message. */
  readonly hashes: OwnHashes;
  readonly nextTurn: () => Promise<void>;
}

async function reseal({
  read,
  message: { id },
  count,
  resealer,
  hashes,
  nextTurn,
}: Resealing): Promise<Fragment[]> {
  const fragments: Fragment[] = [];
  while (fragments.length < count) {
    const batch = await read.read(id, fragments.length, FRAGMENTS_AT_ONCE);
    if (batch.length === 0) throw notComplete();
    for (const fragment of batch) {
      const sealed = resealer.reseal(fragment);
      if (!sealed) throw notComplete();
      hashes.add(sealed.bytes);
      fragments.push(sealed);
    }
    await nextTurn();
  }
  hashes.end();
  return fragments;
}

/** 0: not all of it is here. */
function countOf({ state, manifest }: StoredMessage): number {
  return (state === 'complete' ? manifest?.facts.count : undefined) ?? 0;
}

function notComplete(): CorridorError {
  return new CorridorError(
    'not-complete',
    'Only a whole message can be handed on, and this one is not all here yet. Try again when it has arrived.',
    { details: { wish: 'forward' } },
  );
}
