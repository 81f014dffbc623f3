import type { CallId, Schedule } from '../model/index.ts';
import type { CallMachine } from './call-machine.ts';
import type { CallInput } from './call-steps.ts';
import type { CallListener, CallMedia, CallOffice } from './ports.ts';
import { receptionOf, type CallReception } from './reception.ts';

/** A worker and a loudspeaker that start for the tone take a second or more. Where none was heard by then the call rings. */
const SOUNDS_WITHIN_MS = 10_000;

interface AnnouncementsParts {
  readonly machine: Pick<CallMachine, 'peerOf'>;
  readonly office: Pick<CallOffice, 'personOf'>;
  readonly listener: CallListener;
  readonly media: CallMedia;
  readonly schedule: Schedule;
  readonly step: (input: CallInput) => void;
}

/** The tones before calls that are answered by themselves: nobody is heard before they can know it. */
export class Announcements {
  readonly #parts: AnnouncementsParts;
  readonly #cancels = new Map<CallId, () => void>();

  constructor(parts: AnnouncementsParts) {
    this.#parts = parts;
    parts.media.on('call-toned', ({ id }) => this.#end(id as CallId, true));
    parts.media.on('crashed', () => {
      for (const id of [...this.#cancels.keys()]) this.#end(id, false);
    });
  }

  begin(id: CallId): void {
    const { media, schedule } = this.#parts;
    const cancel = schedule(() => this.#end(id, false), SOUNDS_WITHIN_MS);
    this.#cancels.set(id, cancel);
    media.post({ type: 'call-tone', id });
  }

  close(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }

  #end(id: CallId, isHeard: boolean): void {
    const { machine, office, listener, step } = this.#parts;
    const cancel = this.#cancels.get(id);
    if (!cancel) return;
    cancel();
    this.#cancels.delete(id);
    const node = machine.peerOf(id);
    const person = node && office.personOf(node);
    if (!node || !person) return;
    const now = receptionOf(listener, node, person);
    const reception: CallReception = now === 'answer' && !isHeard ? 'ring' : now;
    step({ type: 'announced', id, reception });
  }
}
