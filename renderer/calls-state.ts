import type { Arguments, NodeApi } from '../preload/api.ts';

/** This person's actions on calls. The calls themselves are in the node's status. */
export class CallsState {
  readonly #api: NodeApi;
  readonly #try: (work: () => Promise<unknown>) => Promise<boolean>;

  constructor(api: NodeApi, attempt: (work: () => Promise<unknown>) => Promise<boolean>) {
    this.#api = api;
    this.#try = attempt;
  }

  /** Calls a person. `into`: the call to which they are added. */
  start(person: string, into?: string): void {
    void this.#try(() => this.#api.call('startCall', { person, ...(into !== undefined && { into }) }));
  }

  /** Calls whoever speaks, or spoke, that message. */
  startWithTalkerOf(message: string): void {
    void this.#try(() => this.#api.call('startCall', { reply: message }));
  }

  control(id: string, action: Arguments<'controlCall'>['action']): void {
    void this.#try(() => this.#api.call('controlCall', { id, action }));
  }

  transfer(id: string, person: string): Promise<boolean> {
    return this.#try(() => this.#api.call('transferCall', { id, person }));
  }

  /** It was seen where the last recording is. */
  forgetRecording(): void {
    void this.#try(() => this.#api.call('forgetRecording', {}));
  }

  forget(person?: string): void {
    void this.#try(() => this.#api.call('forgetMissedCalls', person === undefined ? {} : { person }));
  }
}
