import type { MediaAddress } from '../media/index.ts';
import type { MessageId } from '../model/index.ts';
import type { Addressing, Draft } from './compose.ts';
import type { OwnMessage } from './own-message.ts';
import type { OngoingTalk } from './states.ts';

/** A message that is being spoken, or of which the tail is still being recorded. */
export interface Recording extends OngoingTalk {
  readonly addressing: Addressing;
  readonly message: OwnMessage;
  /** If the key was only clicked, nothing is sent. */
  readonly isHeld: boolean;
  released: boolean;
  isSilent: boolean;
  begun: Promise<void>;
  /** The message as which the talk will go on, and its targets: the worker was asked to switch, and has not answered yet. */
  renewal: { readonly draft: Draft; readonly targets: readonly MediaAddress[] } | undefined;
  /** The addresses that it goes to now. */
  targets: readonly MediaAddress[];
}

/** The key press that began the message, whether the microphone is used, and the targets that the worker has. */
export interface Beginning extends Pick<Recording, 'pressed' | 'usesMicrophone' | 'isHeld' | 'targets'> {
  readonly isUndecided: boolean;
}

/** How a talk begins. */
export interface Press {
  /** A recording (48 kHz, mono) to speak instead of the microphone's sound. */
  readonly pcm?: Int16Array | undefined;
  /** A key or a button is held, and let go at the end: if it was only clicked, nothing is sent. */
  readonly isHeld?: boolean | undefined;
  /** The message that the key press began. Left out: this one. */
  readonly pressed?: MessageId;
}
