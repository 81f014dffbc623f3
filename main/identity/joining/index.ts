/* Coming into an office, and what keeps it one: pure machines that take frames, time and chance, and give frames and statements. */
export { Asker, COMPARE_WITHIN_MS, type Asking, type DirectLink } from './asking.ts';
export { Comparison, type Comparing, type HostStep } from './comparing.ts';
export {
  foundOffice,
  foundAnew,
  Moves,
  moveText,
  type Founded,
  type FoundedAnew,
  type Move,
} from './founding.ts';
export {
  joiningFrameSchemas,
  type JoiningFrame,
  type JoiningFrameOf,
  type JoiningFrameType,
  type Place,
} from './frames.ts';
export { DEFAULT_SPAN_MS, DEFAULT_USES, MAX_SPAN_MS, MAX_USES, type InvitationId } from './invitation.ts';
export {
  Invitations,
  invitationsFileSchema,
  type InvitationsFile,
  type InvitationView,
  type RecordIntake,
} from './invitations.ts';
export { invitationKey, readJoinLink, writeJoinLink, type JoinLink } from './join-link.ts';
export { whyNotAdmitting, type NotAdmitting } from './may-admit.ts';
export {
  EXPORTED_BYTES,
  isOfficeProof,
  JOIN_EXPORTER_LABEL,
  OFFICE_ALPN,
  OFFICE_EXPORTER_LABEL,
  OFFICE_PROOF_BYTES,
  officeProof,
  officeTagOf,
  readOfficeTag,
  showOfficeTag,
  type LinkRole,
} from './office-proof.ts';
export { lacksRecoveryCode, recover, removeComputers, renewRecovery, type Deed } from './recovery.ts';
export { readRecoveryCode, recoveryKeyOf, writeRecoveryCode } from './recovery-code.ts';
export {
  answerRedemption,
  REDEEM_WITHIN_MS,
  Redeemer,
  type JoinAnswer,
  type RedemptionHost,
} from './redeem.ts';
export { isShownRequests, OPEN_MS, RequestBook, type JoinRequest } from './request-book.ts';
export {
  readRequestAnswer,
  readTold,
  signRequestAnswer,
  signTold,
  type RequestAnswer,
  type Told,
} from './telling.ts';
export {
  adminsOnly,
  closedText,
  endedText,
  isWorthAskingOthers,
  noSuchRequest,
  notCompared,
  refusedText,
} from './sentences.ts';
export { refusedFrame, welcomeFrames, type Joined, type NewcomerStep } from './welcome.ts';
