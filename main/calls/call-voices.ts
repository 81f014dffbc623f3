import type { MediaAddress, MessageKey } from '../media/index.ts';
import type { CallId, NodeId } from '../model/index.ts';
import type { ShownCall } from './call.ts';
import type { CallEar, CallListener, CallMedia, CallOffice } from './ports.ts';

export interface CallVoicesParts {
  readonly office: Pick<CallOffice, 'mediaAddressOf'>;
  readonly media: Pick<CallMedia, 'post'>;
  readonly listener: Pick<CallListener, 'gainOf'>;
  readonly ear: Pick<CallEar, 'loudness'>;
}

/** One direction of a call. */
interface Direction {
  readonly ssrc: number;
  readonly key: MessageKey;
}

export interface CallVoice {
  readonly id: CallId;
  readonly node: NodeId;
  readonly own: Direction;
  readonly theirs: Direction;
  /** Spoken instead of the microphone: 48 kHz mono. */
  readonly pcm: Int16Array | undefined;
}

/** What the media worker was told last. */
interface Told {
  readonly node: NodeId;
  readonly target: MediaAddress | undefined;
  readonly isMuted: boolean;
  readonly isSilent: boolean;
  readonly gain: number;
}

/** What the media worker does of calls: where their voices go, and who hears whom. */
export class CallVoices {
  readonly #parts: CallVoicesParts;
  readonly #told = new Map<CallId, Told>();

  constructor(parts: CallVoicesParts) {
    this.#parts = parts;
  }

  /** Both sides have answered. `calls`: as they are now. */
  begin({ id, node, own, theirs, pcm }: CallVoice, calls: readonly ShownCall[]): void {
    const { office, media } = this.#parts;
    const target = office.mediaAddressOf(node);
    const heard = this.#heard(id, node, calls);
    this.#told.set(id, { node, target, ...heard });
    media.post({
      ...{ type: 'call', id, ...heard },
      send: { ...own, targets: target ? [target] : [] },
      receive: { ...theirs, talker: target ?? null },
      ...(pcm && { pcm }),
    });
  }

  /** The calls as they are now; and a computer may have another address than before. */
  follow(calls: readonly ShownCall[]): void {
    for (const [id, told] of this.#told) {
      const heard = this.#heard(id, told.node, calls);
      const target = this.#parts.office.mediaAddressOf(told.node) ?? told.target;
      const isSame =
        heard.isMuted === told.isMuted && heard.isSilent === told.isSilent && heard.gain === told.gain;
      if (!target || (isSame && isSameAddress(target, told.target))) continue;
      this.#told.set(id, { node: told.node, target, ...heard });
      this.#parts.media.post({ type: 'call-change', id, target, ...heard });
    }
  }

  end(id: CallId): void {
    if (this.#told.delete(id)) this.#parts.media.post({ type: 'call-end', id });
  }

  #heard(id: CallId, node: NodeId, calls: readonly ShownCall[]): Pick<Told, 'isMuted' | 'isSilent' | 'gain'> {
    const { listener, ear } = this.#parts;
    const gain = listener.gainOf(node) * ear.loudness;
    return { ...whoHears(calls.find((call) => call.id === id)), gain };
  }
}

/** Who holds a call hears nothing of it, and says nothing in it; nor does who is held. */
function whoHears(call: ShownCall | undefined): { readonly isMuted: boolean; readonly isSilent: boolean } {
  const isSilent = !call || call.isHeld || call.isHeldByThem;
  return { isMuted: isSilent || call.isMuted, isSilent };
}

function isSameAddress(a: MediaAddress, b: MediaAddress | undefined): boolean {
  return a.address === b?.address && a.port === b.port && a.isBelieved === b.isBelieved;
}
