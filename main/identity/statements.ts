import type * as v from 'valibot';
import {
  chosenAmong,
  fragmentHashesSchema,
  isSignedBy,
  keyGrantSchema,
  manifestSchema,
  nodeIdOf,
  readHeader,
  readStatement,
  receiptSchema,
  type FragmentHashes,
  type Header,
  type KeyGrant,
  type Manifest,
  type NodeId,
  type ReadSheet,
  type Receipt,
  type Signed,
} from '../model/index.ts';
import type { Identity } from './identity.ts';

type Signer = Pick<Identity, 'nodeId' | 'sign'>;

export function signHeader(signer: Signer, header: Header): Signed {
  return signAs(signer, header.talker, header);
}

/** Signs a header to many, which refers to the sheet instead of repeating its content. */
export function signSheetedHeader(signer: Signer, header: Header, { text, hash, sheet }: ReadSheet): Signed {
  const { recipients, keys: _, senderKey, ...about } = header;
  const chosen = chosenAmong(sheet, recipients);
  const named = { sheet: hash, ...(chosen !== undefined && { chosen }), sealed: senderKey?.sealed };
  const signed = signAs(signer, header.talker, { ...about, ...named });
  return { ...signed, sheet: text };
}

/** The header, if `talkerSpki` is its talker's key and signed it, and its recipients and keys agree. */
export function verifyHeader(signed: Signed, talkerSpki: Uint8Array): Header | undefined {
  const header = readHeader(signed);
  if (header?.talker !== nodeIdOf(talkerSpki) || !isConsistent(header)) return undefined;
  return isSignedBy(signed, talkerSpki) ? header : undefined;
}

export function signManifest(signer: Signer, manifest: Manifest): Signed {
  return signAs(signer, manifest.talker, manifest);
}

/** The manifest, if `talkerSpki` is its talker's key and signed it. */
export function verifyManifest(signed: Signed, talkerSpki: Uint8Array): Manifest | undefined {
  return verify(signed, talkerSpki, manifestSchema, (read) => read.talker);
}

export function signFragmentHashes(signer: Signer, hashes: FragmentHashes): Signed {
  return signAs(signer, hashes.talker, hashes);
}

/** The hashes of some fragments, if `talkerSpki` is the key of the message's talker and signed them. */
export function verifyFragmentHashes(signed: Signed, talkerSpki: Uint8Array): FragmentHashes | undefined {
  return verify(signed, talkerSpki, fragmentHashesSchema, (read) => read.talker);
}

export function signReceipt(signer: Signer, receipt: Receipt): Signed {
  return signAs(signer, receipt.node, receipt);
}

/** The receipt, if `nodeSpki` is the key of the node that it speaks for and signed it. */
export function verifyReceipt(signed: Signed, nodeSpki: Uint8Array): Receipt | undefined {
  return verify(signed, nodeSpki, receiptSchema, (read) => read.node);
}

export function signKeyGrant(signer: Signer, grant: KeyGrant): Signed {
  return signAs(signer, grant.by, grant);
}

/** The grant, if `granterSpki` is the key of the node that it names as granter and signed it. */
export function verifyKeyGrant(signed: Signed, granterSpki: Uint8Array): KeyGrant | undefined {
  return verify(signed, granterSpki, keyGrantSchema, (read) => read.by);
}

function signAs(signer: Signer, speaker: NodeId, statement: unknown): Signed {
  if (speaker !== signer.nodeId) throw new Error('a node signs for itself only');
  return signer.sign(statement);
}

/** Checks the form before the signature, which is expensive. */
function verify<S extends v.GenericSchema>(
  signed: Signed,
  spki: Uint8Array,
  schema: S,
  speakerOf: (read: v.InferOutput<S>) => NodeId,
): v.InferOutput<S> | undefined {
  const read = readStatement(signed, schema);
  if (read === undefined || speakerOf(read) !== nodeIdOf(spki)) return undefined;
  return isSignedBy(signed, spki) ? read : undefined;
}

/** Whether no recipient is named twice, the talker is not among them, and keys are for named nodes alone. */
function isConsistent({ talker, recipients, keys }: Header): boolean {
  const named = new Set(recipients);
  const keyed = new Set(keys.map((key) => key.node));
  if (named.size !== recipients.length || keyed.size !== keys.length || named.has(talker)) return false;
  return [...keyed].every((node) => node === talker || named.has(node));
}
