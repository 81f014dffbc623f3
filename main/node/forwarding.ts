import { randomBytes } from 'node:crypto';
import {
  FragmentHash,
  signHeader,
  signManifest,
  unwrapMessageKey,
  wrapMessageKey,
  type Identity,
} from '../identity/index.ts';
import { Resealer } from '../media/index.ts';
import {
  CorridorError,
  FRAME_MS,
  fromBase64url,
  MASTER_KEY_BYTES,
  MASTER_SALT_BYTES,
  newMessageId,
  type Fragment,
  type Header,
  type Manifest,
  type NodeRecord,
  type Signed,
} from '../model/index.ts';
import type { MessageStore, StoredMessage } from '../store/index.ts';

/** So many fragments (2 ms of work) are sealed before the rest of the node has its turn: ten minutes stall nothing. */
const FRAGMENTS_AT_ONCE = 64;

export interface ForwardingParts {
  readonly identity: Identity;
  readonly store: MessageStore;
}

export interface Forward {
  readonly recipients: readonly NodeRecord[];
  /** The own extension, and the one that was dialled. */
  readonly from: string;
  readonly to: string;
  /** Who spoke it. */
  readonly spokenBy: string;
}

/** A message that is whole from the beginning, in the own store. */
export interface Forwarded {
  readonly header: { readonly signed: Signed; readonly facts: Header };
  readonly manifest: Signed;
}

/**
 * Makes a new message of this node out of one that it holds: the same speech, sealed anew for other people. Nothing of it is
 * kept unless all of it is there.
 * @throws CorridorError `not-complete` where the message is not whole here, and as `unwrapMessageKey`
 */
export async function forward(
  { identity, store }: ForwardingParts,
  message: StoredMessage,
  { recipients, from, to, spokenBy }: Forward,
): Promise<Forwarded> {
  const count = message.manifest?.facts.count;
  if (message.state !== 'complete' || count === undefined || count === 0) throw notComplete();
  const old = {
    key: await unwrapMessageKey(identity, message.header.facts),
    ssrc: message.header.facts.ssrc,
  };
  const key = { masterKey: randomBytes(MASTER_KEY_BYTES), masterSalt: randomBytes(MASTER_SALT_BYTES) };
  const ssrc = randomBytes(4).readUInt32BE(0);
  const { fragments, hash } = await reseal(store, message, count, new Resealer(old, { key, ssrc }));
  const id = newMessageId();
  const talker = identity.nodeId;
  const now = Date.now();
  const readers = [
    ...recipients.map(({ node, hpkeKey }) => ({ node, hpkeKey: fromBase64url(hpkeKey) })),
    { node: talker, hpkeKey: identity.hpkePublicKey },
  ];
  const key28 = Buffer.concat([key.masterKey, key.masterSalt]);
  const keys = await Promise.all(
    readers.map(({ node, hpkeKey }) =>
      wrapMessageKey(key28, { id, talker, recipient: node, recipientHpkeKey: hpkeKey }),
    ),
  );
  const facts: Header = {
    ...{ v: 1, id, talker, from, to, ssrc, startedAt: now, keys },
    recipients: recipients.map(({ node }) => node),
    forwardedFrom: spokenBy,
  };
  const end: Manifest = { v: 1, id, talker, count, hash, durationMs: count * FRAME_MS, endedAt: now };
  const header = signHeader(identity, facts);
  const manifest = signManifest(identity, end);
  store.begin(header, facts, { mine: 'talker', keeps: false });
  for (let at = 0; at < count; at += FRAGMENTS_AT_ONCE) {
    store.append(id, fragments.slice(at, at + FRAGMENTS_AT_ONCE));
    await nextTurn();
  }
  const completion = await store.setManifest(id, manifest, end);
  if (completion !== 'complete' && completion !== 'unsaved') {
    await store.delete(id);
    throw new CorridorError(
      'not-forwarded',
      'The message could not be handed on: this computer has no room for a copy. Free some space and try again.',
    );
  }
  return { header: { signed: header, facts }, manifest };
}

async function reseal(
  store: MessageStore,
  { id }: StoredMessage,
  count: number,
  resealer: Resealer,
): Promise<{ fragments: Fragment[]; hash: string }> {
  const fragments: Fragment[] = [];
  const hash = new FragmentHash();
  while (fragments.length < count) {
    const batch = await store.read(id, fragments.length, FRAGMENTS_AT_ONCE);
    if (batch.length === 0) throw notComplete();
    for (const fragment of batch) {
      const sealed = resealer.reseal(fragment);
      if (!sealed) throw notComplete();
      hash.add(sealed.bytes);
      fragments.push(sealed);
    }
    await nextTurn();
  }
  return { fragments, hash: hash.digest() };
}

function notComplete(): CorridorError {
  return new CorridorError(
    'not-complete',
    'Only a whole message can be handed on, and this one is not all here yet. Try again when it has arrived.',
    { details: { wish: 'forward' } },
  );
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
