import { localizedText, type JoinEnd, type JoinRefusal, type LocalizedText } from '../../../i18n/index.ts';
import { CorridorError } from '../../model/index.ts';
import type { NotOpen } from './invitation.ts';

const NEW_LINK = 'Ask a colleague for a new link.';

const CLOSED: Readonly<Record<NotOpen, string>> = {
  'maker-out': 'Whoever made this invitation may let nobody in any more.',
  withdrawn: 'This invitation was withdrawn.',
  over: 'This invitation has ended.',
  'used-up': 'This invitation is used up.',
  'removal-since': 'This invitation ended when somebody was removed from the office.',
  behind: 'This computer does not know yet what has happened in the office since this invitation.',
};

const REFUSED: Readonly<Record<JoinRefusal, string>> = {
  'bad-card': 'The other computer could not read the keys of this one. Update Corridor on both.',
  'bad-proof': `This link opens nothing there. ${NEW_LINK}`,
  'other-office': 'That computer belongs to another office. Choose your office again.',
  'cannot-admit': 'This colleague may let nobody in. Try again when a computer is there that may.',
  'unknown-invitation':
    'The other computer does not know this invitation yet. Try again in a minute, or ask for a new link.',
  'maker-out': `${CLOSED['maker-out']} ${NEW_LINK}`,
  withdrawn: `${CLOSED.withdrawn} ${NEW_LINK}`,
  over: `${CLOSED.over} ${NEW_LINK}`,
  'used-up': `${CLOSED['used-up']} ${NEW_LINK}`,
  'removal-since': `${CLOSED['removal-since']} ${NEW_LINK}`,
  behind: 'The other computer does not know yet all that has happened in the office. Try again in a minute.',
  removed: 'This computer was removed from the office. It can come in again with new keys only.',
  full: 'This colleague has let in as many people as one member may. Ask an admin.',
  busy: 'Too many are asking there just now. Try again in a minute.',
  closed: 'Nobody is let in there just now. Ask a colleague to choose Let somebody in.',
  muted: 'You were declined there not long ago. Talk to your colleagues, and try again in an hour.',
  'asked-already': 'There is a request from this computer already. Wait for the answer.',
  declined: 'You were not let in.',
  other: 'You were not let in, for a reason that a later version of Corridor knows.',
};

const ENDED: Readonly<Record<JoinEnd, string>> = {
  'wrong-order': 'The other computer did not keep to the order of things. Try again.',
  'too-late': 'This took longer than two minutes. Try again.',
  'other-keys': 'The keys do not belong to this connection: somebody is in between. Let nobody in.',
  'other-commitment': 'The other computer changed its number afterwards. Let nobody in.',
  'false-office': 'This is not the office that you wanted. Ask a colleague for help.',
  'old-ledger': 'The other computer shows the office as it was long ago. Try another one.',
  lost: 'The connection to the other computer broke, or nobody compared there. Try again.',
  'other-digits': 'The digits were not the same: somebody may be in between. Nothing came of it.',
  'not-admitted': 'The other computer says that you are in, and the office knows nothing of it. Try again.',
  'in-already': 'This computer was let in before, and did not hear of it. Ask a colleague for a link.',
};

/** The sentence for a refused newcomer. */
export function refusedText(reason: JoinRefusal): LocalizedText {
  return localizedText('join-refused', REFUSED[reason], { reason });
}

/** The sentence for a person whose computer ended the comparison. */
export function endedText(reason: JoinEnd): LocalizedText {
  return localizedText('join-ended', ENDED[reason], { reason });
}

/** The sentence for members on a closed invitation. */
export function closedText(reason: NotOpen): LocalizedText {
  return localizedText('invitation-closed', CLOSED[reason], { reason });
}

/** Whether the newcomer should ask the other nodes that the refusal names. */
export function isWorthAskingOthers(reason: JoinRefusal): boolean {
  return ['cannot-admit', 'unknown-invitation', 'behind', 'full', 'busy', 'other'].includes(reason);
}

export function notCompared(): CorridorError {
  return new CorridorError('not-compared', 'First compare the six digits on both screens.');
}

export function isNotCompared(error: unknown): boolean {
  return error instanceof CorridorError && error.code === 'not-compared';
}

export function noSuchRequest(): CorridorError {
  return new CorridorError('no-such-request', 'This request is not there any more.');
}

export function adminsOnly(): CorridorError {
  return new CorridorError('admins-only', 'Only an admin may do that.');
}
