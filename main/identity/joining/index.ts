/* Joining an office, recovery, and founding anew: pure machines that take frames, time and randomness, and return frames and statements. */
export { Asker, COMPARE_WITHIN_MS, type Asking } from './asking.ts';
export { Comparison, type HostStep } from './comparing.ts';
export { foundOffice, type FoundingOptions } from './founding.ts';
export { joiningFrameSchemas, type JoiningFrame, type Place } from './frames.ts';
export { MAX_USES, type InvitationId } from './invitation.ts';
export { Invitations, INVITATIONS_FORMAT, type InvitationsFile, type InvitationView } from './invitations.ts';
export { readJoinLink, writeJoinLink, type JoinLink } from './join-link.ts';
export { whyNotAdmitting } from './may-admit.ts';
export {
  computersAlong,
  isOpenIn,
  moveFrame,
  moveQuestionsSchema,
  moveText,
  officeOfMove,
  takeMove,
  type MoveQuestion,
} from './moving.ts';
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
} from './office-proof.ts';
export {
  lacksRecoveryCode,
  recover,
  removeComputers,
  renewRecovery,
  type StatementSequence,
} from './recovery.ts';
export { readRecoveryCode, recoveryKeyOf, writeRecoveryCode } from './recovery-code.ts';
export { answerRedemption, Redeemer } from './redeem.ts';
export { isShownRequests, OPEN_MS, RequestBook, type JoinRequest } from './request-book.ts';
export {
  readRequestAnswer,
  readRequestNotice,
  signRequestAnswer,
  signRequestNotice,
  type RequestNotice,
} from './request-notice.ts';
export {
  adminsOnly,
  closedText,
  endedText,
  isNotCompared,
  isWorthAskingOthers,
  noSuchRequest,
  notCompared,
  refusedText,
} from './sentences.ts';
export { vouchFor } from './vouching.ts';
export { refusedFrame, welcomeFrames, WelcomeReader, type Joined, type NewcomerStep } from './welcome.ts';
