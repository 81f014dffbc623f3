import type { GroupNamed, KnownNode, MessageId, NodeId, Page, StandIn } from '../model/index.ts';

/** The message that the person is speaking now; or the one that they spoke last, while its tail is still being recorded. */
export interface OngoingTalk {
  readonly id: MessageId;
  /** The message that key down began. The talk goes on as another message where a recipient is removed meanwhile. */
  readonly pressed: MessageId;
  /** The extension that was dialled. */
  readonly to: string;
  /** The group that was dialled. */
  readonly group: GroupNamed | undefined;
  readonly startedAt: number;
  readonly recipients: readonly KnownNode[];
  /** It is a page. */
  readonly page: Page | undefined;
  /** It overrides do not disturb. */
  readonly isOverride: boolean;
  /** It is spoken into the microphone; otherwise it is a recording. */
  readonly usesMicrophone: boolean;
  /** The microphone gives no sound: it is muted, or the wrong one. */
  readonly isSilent: boolean;
  /** It is only being recorded, and is sent as another message when the recording is finished. */
  readonly isRecording: boolean;
  /** The recipients who stand in for somebody who is diverted. */
  readonly diverted: readonly StandIn[];
  /** Key up came, or the recording ended. */
  readonly released: boolean;
}

/** The playback of a message. */
export interface Playback {
  readonly id: MessageId;
  readonly state: 'live' | 'catching-up' | 'playing' | 'paused';
  readonly positionMs: number;
  readonly speed: number;
  /** At its end the next unheard message follows. */
  readonly all: boolean;
  /** How many unheard messages follow. */
  readonly following: number;
}

/**
 * What a recipient's node reports while the message is still being spoken, unsigned. `queued`: the person listens to somebody else, and
 * hears it next. `notified`: the person is notified; for a passing page it means that the page neither sounds there nor is kept.
 */
export type Progress = 'hearing' | 'queued' | 'notified';

/** What the person does for whom a message waits. */
export interface Engaged {
  /** A computer of the person to whom they listen; left out: to nobody, or it is not known. */
  readonly listensTo?: NodeId;
  /** They are in a call. With whom is not told. */
  readonly isInCall?: true;
}

/** `queued` says what for, as far as it is known; the other states do not. */
export interface Report extends Engaged {
  readonly state: Progress;
}
