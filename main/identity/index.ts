export { createCertificate } from './certificate.ts';
export { FragmentHash, hashFragments } from './fragment-hash.ts';
export type { NodeKeys } from './identity-file.ts';
export { IDENTITY_FILE, loadOrCreateIdentity, type Identity, type OwnIdentity } from './identity.ts';
export * from './joining/index.ts';
export {
  expectSenderKey,
  MESSAGE_KEY_BYTES,
  prepareWrap,
  rehearse,
  unwrapCallKey,
  unwrapMessageKey,
  wrapCallKey,
  wrapMessageKey,
  type MessageKey,
  type PreparedWrap,
  type WrapBinding,
  type WrapTarget,
} from './key-wrap.ts';
export { signCard, signCharter, signRule, type RuleFields } from './ledger/author.ts';
export type { Member } from './ledger/count.ts';
export type { Contest } from './ledger/electorate.ts';
export type { Intake } from './ledger/history.ts';
export { LedgerFile, restore, type LedgerFileContent, type Restored } from './ledger/ledger-file.ts';
export { Ledger, type Standing } from './ledger/ledger.ts';
export { LARGE_LEDGER } from './ledger/limits.ts';
export type { RemovalInForce } from './ledger/lifting.ts';
export { SECRET_BYTES, secretKey, type SecretKey, type SecretUse } from './ledger/secret-key.ts';
export {
  officeIdOf,
  readCard,
  statementIdOf,
  type Card,
  type OfficeId,
  type PersonId,
  type RuleType,
  type StatementId,
} from './ledger/statement.ts';
export { ballots, dueVotes, unsettled, type Ballot, type Vote, type Voter } from './ledger/votes.ts';
export { statementNotSaved } from './not-saved.ts';
export { loadOffice, OFFICE_FILE, saveOffice, type SavedOffice } from './office.ts';
export { isSameProof, POSSESSION_NONCE_BYTES, PossessionProof, type PossessionClaim } from './possession.ts';
export type { Tell } from './owner-file.ts';
export {
  MAX_BODY_BYTES,
  MAX_COUNT,
  OFFER_BYTES,
  openCall,
  openPacket,
  packetTag,
  sealCall,
  sealPacket,
  type Call,
  type Packet,
} from './pair-datagram.ts';
export { sealMessageKey, SENDER_KEY_BYTES } from './sender-key.ts';
export { callKey, pairKeys, type DirectionKey, type PairKeys, type PairOwner } from './pair-keys.ts';
export {
  signFragmentHashes,
  signHeader,
  signSheetedHeader,
  signManifest,
  signReceipt,
  verifyFragmentHashes,
  verifyHeader,
  verifyManifest,
  verifyReceipt,
} from './statements.ts';
