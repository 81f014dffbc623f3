import type { MediaAddress } from '../media/index.ts';
import type { CallId, NodeId } from '../model/index.ts';
import type { CallView } from './call.ts';
import type { CallKeys } from './call-keys.ts';
import type { CallOutput } from './call-steps.ts';
import type { CallEar, CallListener, CallMedia, CallOffice } from './ports.ts';
import { SilencedCalls } from './silenced-calls.ts';

interface CallVoicesParts {
  readonly keys: Pick<CallKeys, 'open' | 'ownFor'>;
  readonly office: Pick<CallOffice, 'mediaAddressOf'>;
  readonly media: Pick<CallMedia, 'post'>;
  readonly listener: Pick<CallListener, 'gainOf' | 'isMuted'>;
  readonly ear: Pick<CallEar, 'loudness'>;
}

type Connected = Extract<CallOutput, { type: 'connected' }>;

/** What a call is as it begins. */
interface Beginning {
  /** The calls as they are at the moment of asking. */
  readonly calls: () => readonly CallView[];
  /** Sent instead of the microphone: 48 kHz mono. */
  readonly pcm: Int16Array | undefined;
}

/** What was last posted to the media worker about one call. */
interface Posted {
  readonly node: NodeId;
  readonly target: MediaAddress | undefined;
  readonly isMuted: boolean;
  readonly isSilent: boolean;
  readonly gain: number;
}

/** Tells the media worker of active calls: where their packets go, who is muted, and how loud each one sounds. */
export class CallVoices {
  readonly #parts: CallVoicesParts;
  readonly #posted = new Map<CallId, Posted>();
  readonly #silenced: SilencedCalls;

  constructor(parts: CallVoicesParts) {
    this.#parts = parts;
    this.#silenced = new SilencedCalls(parts.listener);
  }

  /** Starts the media of a call that both sides have answered. @throws CorridorError `bad-call-key` where the other side's key does not open */
  async begin({ id, node, theirs }: Connected, { calls, pcm }: Beginning): Promise<void> {
    const { keys, office, media } = this.#parts;
    const opened = await keys.open(id, node, theirs);
    const own = keys.ownFor(id, node);
    const now = calls();
    if (!own || !now.some((call) => call.id === id && call.state === 'active')) return;
    const target = office.mediaAddressOf(node);
    const heard = this.#heard(id, node, now);
    this.#posted.set(id, { node, target, ...heard });
    media.post({
      ...{ type: 'call', id, ...heard },
      send: { ...own, targets: target ? [target] : [] },
      receive: { ...opened, talker: target ?? null },
      ...(pcm && { pcm }),
    });
  }

  /**
   * Posts what has changed since: mute, hold, gain, or the address of a computer. `calls`: all calls as they are now; `muted`: the
   * person mutes that colleague now.
   */
  update(calls: readonly CallView[], muted?: NodeId): void {
    if (muted !== undefined) this.#silenced.add(muted, calls);
    for (const [id, posted] of this.#posted) {
      const heard = this.#heard(id, posted.node, calls);
      const target = this.#parts.office.mediaAddressOf(posted.node) ?? posted.target;
      const isSame =
        heard.isMuted === posted.isMuted && heard.isSilent === posted.isSilent && heard.gain === posted.gain;
      if (!target || (isSame && isSameAddress(target, posted.target))) continue;
      this.#posted.set(id, { node: posted.node, target, ...heard });
      this.#parts.media.post({ type: 'call-change', id, target, ...heard });
    }
  }

  /** The person muted whoever is at the other end, and hears nothing of them in this call. */
  isSilenced(id: CallId): boolean {
    const posted = this.#posted.get(id);
    return posted !== undefined && this.#silenced.has(id, posted.node);
  }

  end(id: CallId): void {
    this.#silenced.forget(id);
    if (this.#posted.delete(id)) this.#parts.media.post({ type: 'call-end', id });
  }

  #heard(
    id: CallId,
    node: NodeId,
    calls: readonly CallView[],
  ): Pick<Posted, 'isMuted' | 'isSilent' | 'gain'> {
    const { listener, ear } = this.#parts;
    const gain = listener.gainOf(node) * ear.loudness;
    const { isMuted, isSilent } = whoHears(calls.find((call) => call.id === id));
    return { isMuted, isSilent: isSilent || this.#silenced.has(id, node), gain };
  }
}

/** While either side holds a call, both hear and send silence. */
function whoHears(call: CallView | undefined): { readonly isMuted: boolean; readonly isSilent: boolean } {
  const isSilent = !call || call.isHeld || call.isHeldByThem;
  return { isMuted: isSilent || call.isMuted, isSilent };
}

function isSameAddress(a: MediaAddress, b: MediaAddress | undefined): boolean {
  return a.address === b?.address && a.port === b.port && a.isBelieved === b.isBelieved;
}
