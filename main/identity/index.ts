export { createCertificate } from './certificate.ts';
export { FragmentHash } from './fragment-hash.ts';
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
  type PreparedWrap,
} from './key-wrap.ts';
export { signCard, signGroup, signRule, type RuleFields } from './ledger/author.ts';
export type { Member } from './ledger/count.ts';
export { MAX_PEOPLE_NAMED, type GroupStatement } from './ledger/group-statement.ts';
export { LedgerFile, restore } from './ledger/ledger-file.ts';
export { Ledger, type Standing } from './ledger/ledger.ts';
export { LARGE_LEDGER, MAX_GROUP_MEMBERS } from './ledger/limits.ts';
export { SECRET_BYTES } from './ledger/secret-key.ts';
export {
  nodesRemovedBy,
  statementIdOf,
  type OfficeId,
  type PersonId,
  type RuleType,
  type StatementId,
} from './ledger/statement.ts';
export { ballots, dueVotes, unsettled, type Ballot, type Vote } from './ledger/votes.ts';
export { statementNotSaved, statementsPartlySaved } from './not-saved.ts';
export { loadOffice, saveOffice, type SavedOffice } from './office.ts';
export { isSameProof, POSSESSION_NONCE_BYTES, PossessionProof, type PossessionClaim } from './possession.ts';
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
export { openTranscript, sealTranscript } from './sealed-transcript.ts';
export { openWords, sealWords } from './sealed-words.ts';
export { sealMessageKey, SENDER_KEY_BYTES } from './sender-key.ts';
export { callKey, pairKeys, type DirectionKey, type PairKeys, type PairOwner } from './pair-keys.ts';
export {
  signFragmentHashes,
  signHeader,
  signSheetedHeader,
  signManifest,
  signKeyGrant,
  signReceipt,
  verifyFragmentHashes,
  verifyHeader,
  verifyManifest,
  verifyKeyGrant,
  verifyReceipt,
} from './statements.ts';
