export { createCertificate } from './certificate.ts';
export { MAX_DATAGRAM_PLAINTEXT_BYTES, openDatagram, sealDatagram } from './datagram.ts';
export { FragmentHash, hashFragments } from './fragment-hash.ts';
export { IDENTITY_FILE, loadOrCreateIdentity, type Identity } from './identity.ts';
export {
  MESSAGE_KEY_BYTES,
  prepareWrap,
  rehearse,
  unwrapMessageKey,
  wrapMessageKey,
  type MessageKey,
  type PreparedWrap,
  type WrapBinding,
  type WrapTarget,
} from './key-wrap.ts';
export {
  createOffice,
  joinLink,
  loadOffice,
  OFFICE_FILE,
  officeKeys,
  officeTag,
  parseJoinLink,
  saveOffice,
  type Office,
  type OfficeKeys,
} from './office.ts';
export type { Tell } from './owner-file.ts';
export {
  signHeader,
  signManifest,
  signReceipt,
  verifyHeader,
  verifyManifest,
  verifyReceipt,
} from './statements.ts';
