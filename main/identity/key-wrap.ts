import type { KeyObject } from 'node:crypto';
import type { SenderContext } from '@hpke/core';
import {
  CorridorError,
  fromBase64url,
  MASTER_KEY_BYTES,
  MASTER_SALT_BYTES,
  toBase64url,
  newMessageId,
  type CallId,
  type Header,
  type KeySheet,
  type MessageId,
  type NodeId,
  type Random,
  type WrappedKey,
} from '../model/index.ts';
import { hpkeSuite } from './hpke-suite.ts';
import type { Identity } from './identity.ts';
import { openMessageKey } from './sender-key.ts';

const INFO = Buffer.from('corridor message key v1');
/** The HPKE info of call keys, which differs from that of message keys, so that neither opens as the other. */
const CALL_INFO = Buffer.from('corridor call key v1');
export const MESSAGE_KEY_BYTES = MASTER_KEY_BYTES + MASTER_SALT_BYTES;

/** A prepared wrap for one recipient: the key agreement, which is slow, is done; the key to seal is not chosen yet. */
export interface PreparedWrap {
  readonly recipientHpkeKey: Uint8Array;
  /** Returns the context once: no two messages may share an encapsulated key. */
  take(): SenderContext | undefined;
}

/** What a wrapped key is bound to. With another message or sheet, talker or recipient it does not open. */
interface WrapBinding {
  /** The message, or the salt of the key sheet whose sender key it is. */
  readonly id: MessageId;
  readonly isSenderKey?: true;
  readonly talker: NodeId;
  readonly recipient: NodeId;
}

interface WrapTarget extends WrapBinding {
  /** The recipient's HPKE key: uncompressed P-256 point, 65 bytes. */
  readonly recipientHpkeKey: Uint8Array;
  /** Made earlier for the same key by `prepareWrap`; a used one is ignored. */
  readonly prepared?: PreparedWrap | undefined;
}

/** A message's key and salt, as AEAD_AES_128_GCM wants them (RFC 7714 §12). */
export interface MessageKey {
  readonly masterKey: Buffer;
  readonly masterSalt: Buffer;
}

/** The owner of the keys that open. */
type KeyOwner = Pick<Identity, 'nodeId' | 'hpkeKey'>;

/** Does the slow part of a wrap ahead of time. Good for one message. */
export async function prepareWrap(recipientHpkeKey: Uint8Array): Promise<PreparedWrap> {
  let context: SenderContext | undefined = await createContext(recipientHpkeKey);
  return {
    recipientHpkeKey,
    take() {
      const taken = context;
      context = undefined;
      return taken;
    },
  };
}

/**
 * Seals key‖salt of a message, or a sender key (28 bytes), for one recipient.
 * @throws CorridorError `bad-hpke-key` where the recipient's key is not a point of P-256.
 */
export async function wrapMessageKey(key28: Uint8Array, target: WrapTarget): Promise<WrappedKey> {
  if (key28.length !== MESSAGE_KEY_BYTES)
    throw new RangeError(`a message key has ${MESSAGE_KEY_BYTES} bytes`);
  const { prepared, recipientHpkeKey } = target;
  const fits = prepared && Buffer.compare(prepared.recipientHpkeKey, recipientHpkeKey) === 0;
  const context = (fits ? prepared.take() : undefined) ?? (await createContext(recipientHpkeKey));
  return { node: target.recipient, ...(await sealWith(context, key28, target)) };
}

/** What the key of one direction of a call is bound to. In another call or the other direction it does not open. */
interface CallBinding {
  readonly call: CallId;
  readonly speaker: NodeId;
  readonly listener: NodeId;
}

/**
 * Seals key‖salt (28 bytes) of the speaker's direction of a call for the listener's computer.
 * @throws CorridorError `bad-hpke-key` where the listener's key is not a point of P-256.
 */
export async function wrapCallKey(
  key28: Uint8Array,
  { call, speaker, listener, listenerHpkeKey }: CallBinding & { readonly listenerHpkeKey: Uint8Array },
): Promise<Sealed> {
  const context = await createContext(listenerHpkeKey, CALL_INFO);
  return sealWith(context, key28, { id: call, talker: speaker, recipient: listener });
}

/** Opens what `wrapCallKey` sealed for this computer. @throws CorridorError `bad-call-key` where it does not open */
export async function unwrapCallKey(
  identity: Pick<Identity, 'hpkeKey'>,
  wrapped: Sealed,
  { call, speaker, listener }: CallBinding,
): Promise<MessageKey> {
  try {
    const binding = { id: call, talker: speaker, recipient: listener };
    return keyIn(await unwrap(identity, wrapped, binding, CALL_INFO));
  } catch (cause) {
    throw new CorridorError('bad-call-key', 'The key of this call does not open here. Call again.', {
      cause,
    });
  }
}

/**
 * Opens this node's key of a message, also one that was sealed for a former identity of it.
 * @param granted the message's own key, wrapped for nodes for which the header has none
 * @throws CorridorError `no-message-key` where there is none for this node, `bad-message-key` where it does not open.
 */
export async function unwrapMessageKey(
  identity: Pick<Identity, 'nodeId' | 'hpkeKey' | 'former'>,
  header: Pick<Header, 'id' | 'talker' | 'keys' | 'senderKey'>,
  granted: readonly WrappedKey[] = [],
): Promise<MessageKey> {
  const ofHeader = ownKeyIn(header.keys, identity);
  const { owner, wrapped } = ofHeader ?? ownKeyIn(granted, identity) ?? {};
  if (!owner || !wrapped) {
    throw new CorridorError(
      'no-message-key',
      'This message was not sent to this node, so it cannot be played here.',
    );
  }
  const { id, talker } = header;
  const senderKey = ofHeader && header.senderKey;
  try {
    const opened = senderKey
      ? openMessageKey(senderKey.sealed, await senderKeyOf(owner, wrapped, talker, senderKey.salt), {
          ...{ id, talker, sheet: senderKey.sheet },
        })
      : await unwrap(owner, wrapped, { id, talker, recipient: owner.nodeId });
    return keyIn(opened);
  } catch (cause) {
    throw new CorridorError(
      'bad-message-key',
      'The key of this message does not open on this node. Ask the talker to say it again.',
      { cause },
    );
  }
}

/** The key among these that is for this node or a former identity of it, with its owner. */
function ownKeyIn(
  keys: readonly WrappedKey[],
  identity: Pick<Identity, 'nodeId' | 'hpkeKey' | 'former'>,
): { readonly owner: KeyOwner; readonly wrapped: WrappedKey } | undefined {
  for (const owner of [identity, ...identity.former]) {
    const wrapped = keys.find(({ node }) => node === owner.nodeId);
    if (wrapped) return { owner, wrapped };
  }
  return undefined;
}

/** Opened sender keys, cached: each serves many messages, and opening one costs milliseconds. */
const openedSenderKeys = new WeakMap<WrappedKey, Promise<Buffer>>();

/** @throws Error where it does not open */
function senderKeyOf(owner: KeyOwner, wrapped: WrappedKey, talker: NodeId, salt: MessageId): Promise<Buffer> {
  const known = openedSenderKeys.get(wrapped);
  if (known) return known;
  const opened = unwrap(owner, wrapped, { id: salt, isSenderKey: true, talker, recipient: owner.nodeId });
  openedSenderKeys.set(wrapped, opened);
  opened.catch(() => openedSenderKeys.delete(wrapped));
  return opened;
}

/** Opens the sender key of a sheet that came ahead, so that the first message with it need not wait. */
export async function expectSenderKey(owner: KeyOwner, { talker, salt, keys }: KeySheet): Promise<void> {
  const wrapped = keys.find(({ node }) => node === owner.nodeId);
  if (wrapped) await senderKeyOf(owner, wrapped, talker, salt).catch(() => undefined);
}

async function unwrap(
  { hpkeKey }: Pick<KeyOwner, 'hpkeKey'>,
  { enc, sealed }: Sealed,
  binding: Binding,
  info = INFO,
): Promise<Buffer> {
  const recipient = { recipientKey: await cryptoKeyPair(hpkeKey), enc: fromBase64url(enc), info };
  const opened = Buffer.from(await hpkeSuite.open(recipient, fromBase64url(sealed), bindingBytes(binding)));
  if (opened.length !== MESSAGE_KEY_BYTES) throw new RangeError('not a message key');
  return opened;
}

/**
 * Wraps a key for this node and opens it. The first time costs tens of milliseconds (code is loaded and compiled, the private key
 * imported), which must not happen when somebody begins to speak.
 */
export async function rehearse(
  identity: Pick<Identity, 'nodeId' | 'hpkeKey' | 'hpkePublicKey' | 'former'>,
  random: Random,
): Promise<void> {
  const id = newMessageId(random);
  const talker = identity.nodeId;
  const target = { id, talker, recipient: talker, recipientHpkeKey: identity.hpkePublicKey };
  const wrapped = await wrapMessageKey(new Uint8Array(MESSAGE_KEY_BYTES), target);
  await unwrapMessageKey(identity, { id, talker, keys: [wrapped] });
}

/** A key sealed by HPKE, as base64url. */
type Sealed = Pick<WrappedKey, 'enc' | 'sealed'>;
/** What the ciphertext is bound to. */
type Binding = Omit<WrapBinding, 'id'> & { readonly id: string };

async function sealWith(context: SenderContext, key28: Uint8Array, binding: Binding): Promise<Sealed> {
  const sealed = await context.seal(key28, bindingBytes(binding));
  return { enc: toBase64url(new Uint8Array(context.enc)), sealed: toBase64url(new Uint8Array(sealed)) };
}

function keyIn(key28: Buffer): MessageKey {
  return { masterKey: key28.subarray(0, MASTER_KEY_BYTES), masterSalt: key28.subarray(MASTER_KEY_BYTES) };
}

async function createContext(recipientHpkeKey: Uint8Array, info = INFO): Promise<SenderContext> {
  try {
    const recipientPublicKey = await hpkeSuite.kem.deserializePublicKey(recipientHpkeKey);
    return await hpkeSuite.createSenderContext({ recipientPublicKey, info });
  } catch (cause) {
    throw new CorridorError(
      'bad-hpke-key',
      'A recipient’s key is not usable, so nothing can be sealed for them.',
      {
        cause,
      },
    );
  }
}

/** Imported private keys, cached: importing costs as much as the rest of an unwrap. */
const importedKeys = new WeakMap<KeyObject, Promise<CryptoKeyPair>>();

function cryptoKeyPair(key: KeyObject): Promise<CryptoKeyPair> {
  let imported = importedKeys.get(key);
  if (!imported) {
    imported = importKeyPair(key.export({ format: 'jwk' }) as JsonWebKey);
    importedKeys.set(key, imported);
  }
  return imported;
}

async function importKeyPair(jwk: JsonWebKey): Promise<CryptoKeyPair> {
  const { d: _secret, ...point } = jwk;
  return {
    privateKey: await hpkeSuite.kem.importKey('jwk', jwk, false),
    publicKey: await hpkeSuite.kem.importKey('jwk', point, true),
  };
}

/** Ids have one length and no '|', so no two bindings give the same bytes. */
function bindingBytes({ id, isSenderKey, talker, recipient }: Binding): Buffer {
  return Buffer.from(`${isSenderKey ? 'sender key|' : ''}${id}|${talker}|${recipient}`);
}
