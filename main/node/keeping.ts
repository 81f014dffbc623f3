import { keepDaysIn, type NodeId, type Schedule } from '../model/index.ts';
import type { LastOnline, OfficeSession } from '../office/index.ts';
import type { Messages } from '../messages/index.ts';
import { limitsOf, type Profile } from './profile.ts';

/** How often it is noted who is online, ms. */
const NOTE_MS = 60 * 60 * 1000;

type Session = Pick<OfficeSession, 'office'>;

/** For how many days, at most, this node's office wants heard messages to be kept; undefined: it leaves that to each computer. */
export function officeKeepDays({ office }: Session): number | undefined {
  return office && keepDaysIn(office.ledger.standing.settings);
}

/** How much the store keeps: of this person's days and the office's the smaller number counts. */
export function limitsNow(profile: Pick<Profile, 'settings'>, session: Session): ReturnType<typeof limitsOf> {
  return limitsOf(profile.settings, officeKeepDays(session));
}

interface KeepingParts {
  readonly profile: Pick<Profile, 'settings'>;
  readonly session: Pick<OfficeSession, 'office' | 'events' | 'roster'>;
  readonly messages: Pick<Messages, 'retention'>;
  readonly lastOnline: Pick<LastOnline, 'note'>;
  readonly schedule: Schedule;
}

/** Applies what admins decide on keeping messages, and notes which colleagues are there. */
export function applyKeeping(parts: KeepingParts): { close(): void } {
  const { profile, session, messages, lastOnline, schedule } = parts;
  let applied = officeKeepDays(session);
  const apply = (): void => {
    const days = officeKeepDays(session);
    if (days === applied) return;
    applied = days;
    void messages.retention.setLimits(limitsNow(profile, session));
  };
  const note = (): void => {
    lastOnline.note(session.roster.othersOnline.map(({ node }): NodeId => node));
  };
  let cancel: (() => void) | undefined;
  const noteRegularly = (): void => {
    note();
    cancel = schedule(noteRegularly, NOTE_MS);
  };
  noteRegularly();
  const stops = [session.events.on('changed', apply), session.events.on('roster', note), () => cancel?.()];
  return {
    close: () => {
      for (const stop of stops) stop();
    },
  };
}
