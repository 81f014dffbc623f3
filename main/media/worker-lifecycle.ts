import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import { assertNever } from '../model/index.ts';
import type { MediaAddress, SoundConfiguration, WorkerCommand, WorkerEvent } from './protocol.ts';
import { WorkerWatch } from './worker-watch.ts';

export const RESTART_FIRST_MS = 50;
export const RESTART_MAX_MS = 5000;
/** After this long without a crash the restart delay resets. */
export const STEADY_MS = 30_000;
/** Another program can take a port in the moment between two owners: Corridor asks for it again after this delay. */
export const REBIND_MS = 1000;
const NOT_STARTED = localizedText(
  'media-not-started',
  'The sound part of Corridor does not start. Install Corridor again.',
);

/** Whether an order begins something, and so wakes a worker that rests. All others concern something that does not exist meanwhile. */
const WAKES: Readonly<Record<WorkerCommand['type'], boolean>> = {
  ...{ talk: true, record: true, receive: true, 'receive-sealed': true, play: true, render: true },
  ...{ loudness: true, 'list-devices': true, meter: true, 'sound-test': true },
  ...{ call: true, ring: true, 'call-tone': true, speak: true },
  ...{ sound: false, bind: false, join: false, packets: false, rest: false, close: false, ping: false },
  ...{ 'talk-renew': false, 'talk-targets': false, 'talk-announced': false, 'talk-stop': false },
  ...{ 'record-stop': false, 'receive-end': false, forget: false, gain: false },
  ...{ 'call-change': false, 'call-end': false, 'call-record': false, 'call-record-end': false },
  ...{ 'waiting-tone': false, 'recording-tone': false, 'play-fragments': false, playback: false },
  ...{ 'playback-seek': false, 'playback-speed': false },
};
/** Events that report the state of things do not count as use. */
const NO_USE: ReadonlySet<WorkerEvent['type']> = new Set([
  'bound',
  'sound-state',
  'call-cleaning',
  'dropped',
  'fault',
  'pong',
]);

/** Where the worker's thread is in its life. `orders`: orders that wait until a thread takes them. */
type Phase =
  /** Nothing has been asked for yet. */
  | { readonly name: 'off' }
  /** The thread loads. `isRestart`: the thread before it crashed. */
  | { readonly name: 'starting'; readonly orders: WorkerCommand[]; readonly isRestart: boolean }
  /** The thread takes orders. `restAt`: the time at which it may lie down. */
  | { readonly name: 'running'; restAt: number | undefined }
  /** The thread was asked to rest. It ends, or it answers that it stays. */
  | { readonly name: 'lying-down'; readonly orders: WorkerCommand[]; mustBind: boolean; mustJoin: boolean }
  /** There is no thread, and main holds the media port. */
  | { readonly name: 'resting' }
  /** There is no thread after a crash. */
  | { readonly name: 'waiting-to-restart'; readonly orders: WorkerCommand[]; readonly restartAt: number }
  | { readonly name: 'closed' };

/** What happens to the worker. */
export type LifecycleInput =
  | { readonly type: 'start'; readonly sound: SoundConfiguration }
  | { readonly type: 'configure'; readonly sound: SoundConfiguration }
  | { readonly type: 'order'; readonly command: WorkerCommand }
  /** A caller waits for `bind-done` or `bind-refused`; it sends no second `bind` before one of them. */
  | { readonly type: 'bind'; readonly endpoint: MediaAddress }
  /** The office's multicast group from now on; undefined: none. */
  | { readonly type: 'join'; readonly group: MediaAddress | undefined }
  /** Main holds the port that `keep-port` asked for. */
  | { readonly type: 'kept'; readonly endpoint: MediaAddress; readonly port: number }
  | { readonly type: 'keep-failed'; readonly endpoint: MediaAddress; readonly text: LocalizedText }
  /** A packet came to the port that main holds. */
  | { readonly type: 'packet' }
  | { readonly type: 'event'; readonly event: WorkerEvent }
  /** The thread ended, by itself or not. */
  | { readonly type: 'exit' }
  /** The time of the last `schedule` has come. */
  | { readonly type: 'time' }
  | { readonly type: 'close' };

/** What is to be done about it, in this order. */
export type LifecycleOutput =
  | { readonly type: 'start-thread' }
  | { readonly type: 'post'; readonly command: WorkerCommand }
  /** Asks the thread to give everything back and to end. */
  | { readonly type: 'end-thread' }
  /** The thread hangs: it is ended by force, and nothing of it counts any more. No `exit` follows. */
  | { readonly type: 'kill-thread' }
  /** Main holds this port, instead of the one that it held before. */
  | { readonly type: 'keep-port'; readonly endpoint: MediaAddress }
  /** Where main holds the port it listens to this group, instead of the one before. */
  | { readonly type: 'keep-group'; readonly group: MediaAddress | undefined }
  /** Main frees the port that it may hold, and posts the packets that came there. */
  | { readonly type: 'hand-over-port' }
  /** Main frees the port that it may hold, and drops the packets that came there. */
  | { readonly type: 'free-port' }
  | { readonly type: 'bind-done'; readonly port: number }
  | { readonly type: 'bind-refused'; readonly text: LocalizedText }
  /** Even heartbeats are hot some day: V8's optimizer then loads 5 MiB of its own code, for a node that does nothing. */
  | { readonly type: 'allow-optimizer'; readonly isAllowed: boolean }
  /** `time` is wanted then, instead of at an earlier schedule's time. */
  | { readonly type: 'schedule'; readonly at: number }
  | { readonly type: 'crashed'; readonly restartInMs: number }
  | { readonly type: 'restarted' };

interface LifecycleOptions {
  /** Whether the thread ends while it is unused and the microphone is cold. */
  readonly rests: boolean;
  readonly restAfterMs: number;
}

/**
 * When the media worker's thread starts, rests, and is started again; and which order reaches it when. Pure: times are
 * milliseconds by one clock of the caller's.
 */
export class WorkerLifecycle {
  readonly #options: LifecycleOptions;
  #phase: Phase = { name: 'off' };
  #sound: SoundConfiguration | undefined;
  #endpoint: MediaAddress | undefined;
  #group: MediaAddress | undefined;
  /** Whether a caller waits for the port. */
  #isBindAwaited = false;
  /** Orders to bind that the thread has not answered. Only the last answer is about the present endpoint. */
  #bindsUnanswered = 0;
  #rebindAt: number | undefined;
  #restartMs = RESTART_FIRST_MS;
  #startedAt = 0;
  #scheduledAt: number | undefined;
  #outputs: LifecycleOutput[] = [];
  readonly #watch = new WorkerWatch();
  /** The time of the present step. */
  #now = 0;

  constructor(options: LifecycleOptions) {
    this.#options = options;
  }

  get phase(): Phase['name'] {
    return this.#phase.name;
  }

  step(input: LifecycleInput, now: number): LifecycleOutput[] {
    if (input.type === 'time') this.#scheduledAt = undefined;
    this.#now = now;
    this.#take(input, now);
    const outputs = this.#outputs;
    this.#outputs = [];
    const at = this.#dueAt();
    if (at === undefined || at >= (this.#scheduledAt ?? Infinity)) return outputs;
    this.#scheduledAt = at;
    return [{ type: 'schedule', at }, ...outputs];
  }

  #take(input: LifecycleInput, now: number): void {
    if (this.#phase.name === 'closed') {
      if (input.type === 'kept') this.#put({ type: 'free-port' });
      return;
    }
    switch (input.type) {
      case 'start':
        this.#sound = input.sound;
        if (this.#phase.name !== 'off') break;
        if (this.#mayRest) this.#rest();
        else this.#start(now);
        break;
      case 'configure':
        this.#sound = input.sound;
        this.#order({ type: 'sound', sound: input.sound }, now);
        break;
      case 'order':
        this.#order(input.command, now);
        break;
      case 'bind':
        this.#bind(input.endpoint);
        break;
      case 'join':
        this.#join(input.group);
        break;
      case 'kept':
        this.#onKept(input.endpoint, input.port);
        break;
      case 'keep-failed':
        this.#onKeepFailed(input.endpoint, input.text, now);
        break;
      case 'packet':
        if (this.#phase.name === 'resting') this.#start(now);
        break;
      case 'event':
        this.#onEvent(input.event, now);
        break;
      case 'exit':
        this.#onExit(now);
        break;
      case 'time':
        this.#onTime(now);
        break;
      case 'close':
        this.#close();
        break;
      default:
        assertNever(input);
    }
  }

  get #mayRest(): boolean {
    return this.#options.rests && this.#sound?.ready === 'cold';
  }

  #dueAt(): number | undefined {
    const phase = this.#phase;
    if (phase.name === 'waiting-to-restart') return phase.restartAt;
    if (phase.name === 'closed') return undefined;
    const [restAt, rebindAt] = phase.name === 'running' ? [phase.restAt, this.#rebindAt] : [];
    const at = Math.min(restAt ?? Infinity, rebindAt ?? Infinity, this.#watch.dueAt ?? Infinity);
    return at === Infinity ? undefined : at;
  }

  #put(...outputs: LifecycleOutput[]): void {
    for (const output of outputs) if (output.type === 'post') this.#watch.posted(output.command, this.#now);
    this.#outputs.push(...outputs);
  }

  /** V8's optimizer is off exactly while the worker rests. */
  #enter(phase: Phase): void {
    const wasResting = this.#phase.name === 'resting';
    const isResting = phase.name === 'resting';
    this.#phase = phase;
    if (wasResting !== isResting) this.#put({ type: 'allow-optimizer', isAllowed: !isResting });
  }

  #start(now: number, orders: WorkerCommand[] = []): void {
    this.#enter({ name: 'starting', orders, isRestart: this.#phase.name === 'waiting-to-restart' });
    this.#startedAt = now;
    this.#watch.begin(now);
    this.#bindsUnanswered = 0;
    this.#rebindAt = undefined;
    this.#put({ type: 'start-thread' });
  }

  #rest(): void {
    this.#rebindAt = undefined;
    this.#enter({ name: 'resting' });
    if (this.#endpoint) this.#keepPort(this.#endpoint);
  }

  #keepPort(endpoint: MediaAddress): void {
    this.#put({ type: 'keep-port', endpoint });
    if (this.#group) this.#put({ type: 'keep-group', group: this.#group });
  }

  #order(command: WorkerCommand, now: number): void {
    if (this.#phase.name === 'resting') {
      if (WAKES[command.type] || !this.#mayRest) this.#start(now, [command]);
      return;
    }
    if ('orders' in this.#phase) this.#phase.orders.push(command);
    if (this.#phase.name !== 'running') return;
    this.#put({ type: 'post', command });
    this.#used(now);
  }

  #used(now: number): void {
    if (this.#phase.name !== 'running') return;
    this.#phase.restAt = this.#mayRest ? now + this.#options.restAfterMs : undefined;
  }

  #bind(endpoint: MediaAddress): void {
    this.#endpoint = endpoint;
    this.#isBindAwaited = true;
    this.#rebindAt = undefined;
    if (this.#phase.name === 'resting') this.#keepPort(endpoint);
    if (this.#phase.name === 'lying-down') this.#phase.mustBind = true;
    if (this.#phase.name === 'running') this.#postBind();
  }

  /** A thread that starts gets the group at its start. */
  #join(group: MediaAddress | undefined): void {
    this.#group = group;
    if (this.#phase.name === 'resting') this.#put({ type: 'keep-group', group });
    else if (this.#phase.name === 'running') this.#postJoin();
    else if (this.#phase.name === 'lying-down') this.#phase.mustJoin = true;
  }

  #postJoin(): void {
    this.#put({ type: 'post', command: { type: 'join', group: this.#group ?? null } });
  }

  #postBind(): void {
    this.#rebindAt = undefined;
    if (!this.#endpoint) return;
    this.#bindsUnanswered += 1;
    this.#put({ type: 'post', command: { ...this.#endpoint, type: 'bind' } });
  }

  #bindDone(port: number): void {
    if (this.#endpoint) this.#endpoint = { ...this.#endpoint, port };
    if (!this.#isBindAwaited) return;
    this.#isBindAwaited = false;
    this.#put({ type: 'bind-done', port });
  }

  /** Reports the refusal to the caller, which decides what comes next. The worker does not ask for that port again. */
  #bindRefused(text: LocalizedText): void {
    this.#isBindAwaited = false;
    this.#endpoint = undefined;
    this.#put({ type: 'bind-refused', text });
  }

  #onKept(endpoint: MediaAddress, port: number): void {
    const hasNoOwner = this.#phase.name === 'resting' || this.#phase.name === 'starting';
    if (hasNoOwner && endpoint === this.#endpoint) this.#bindDone(port);
    else this.#put({ type: 'free-port' });
  }

  /** Without the port no packet can call for the worker: it starts, and asks for the port until it has it. */
  #onKeepFailed(endpoint: MediaAddress, text: LocalizedText, now: number): void {
    if (this.#phase.name !== 'resting' || endpoint !== this.#endpoint) return;
    if (this.#isBindAwaited) this.#bindRefused(text);
    else this.#start(now);
  }

  #onEvent(event: WorkerEvent, now: number): void {
    this.#watch.heard(event, now);
    if (event.type === 'started') this.#onStarted(now);
    else if (event.type === 'stays') this.#onStays(now);
    else if (event.type === 'bound' || event.type === 'bind-failed') this.#onBindAnswered(event, now);
    if (!NO_USE.has(event.type)) this.#used(now);
  }

  /** The thread takes orders: first its devices, then the port and its packets, then the orders that waited. */
  #onStarted(now: number): void {
    if (this.#phase.name !== 'starting') return;
    const { orders, isRestart } = this.#phase;
    if (this.#sound) this.#put({ type: 'post', command: { type: 'sound', sound: this.#sound } });
    this.#put({ type: 'hand-over-port' });
    if (this.#group) this.#postJoin();
    this.#postBind();
    this.#run(orders, now);
    if (isRestart) this.#put({ type: 'restarted' });
  }

  #onStays(now: number): void {
    if (this.#phase.name !== 'lying-down') return;
    const { orders, mustBind, mustJoin } = this.#phase;
    if (mustJoin) this.#postJoin();
    if (mustBind) this.#postBind();
    this.#run(orders, now);
  }

  #run(orders: readonly WorkerCommand[], now: number): void {
    this.#enter({ name: 'running', restAt: undefined });
    for (const command of orders) this.#put({ type: 'post', command });
    this.#used(now);
  }

  #onBindAnswered(event: Extract<WorkerEvent, { type: 'bound' | 'bind-failed' }>, now: number): void {
    this.#bindsUnanswered = Math.max(0, this.#bindsUnanswered - 1);
    const mustBind = this.#phase.name === 'lying-down' && this.#phase.mustBind;
    if (this.#bindsUnanswered > 0 || mustBind) return;
    if (event.type === 'bound') this.#bindDone(event.port);
    else if (this.#isBindAwaited) this.#bindRefused(event.text);
    else this.#rebindAt = now + REBIND_MS;
  }

  #onTime(now: number): void {
    const phase = this.#phase;
    if (phase.name === 'waiting-to-restart' && now >= phase.restartAt) this.#start(now, phase.orders);
    const seen = this.#watch.look(now);
    if (seen === 'hung') return this.#onHung(now);
    if (seen === 'ping') this.#put({ type: 'post', command: { type: 'ping' } });
    if (phase.name !== 'running') return;
    if (now >= (this.#rebindAt ?? Infinity)) this.#postBind();
    if (now >= (phase.restAt ?? Infinity)) this.#lieDown();
  }

  /** Only the thread itself knows whether it is doing anything. */
  #lieDown(): void {
    this.#enter({ name: 'lying-down', orders: [], mustBind: false, mustJoin: false });
    this.#put({ type: 'post', command: { type: 'rest' } });
  }

  /** What it was doing is gone, as after a crash. */
  #onHung(now: number): void {
    this.#put({ type: 'kill-thread' });
    this.#onCrash(now);
  }

  #onExit(now: number): void {
    const phase = this.#phase;
    this.#watch.end();
    if (phase.name === 'lying-down') {
      if (phase.orders.length > 0 || phase.mustBind || !this.#mayRest) this.#start(now, phase.orders);
      else this.#rest();
    }
    if (phase.name === 'starting' || phase.name === 'running') this.#onCrash(now);
  }

  #onCrash(now: number): void {
    this.#watch.end();
    if (now - this.#startedAt > STEADY_MS) this.#restartMs = RESTART_FIRST_MS;
    const restartInMs = this.#restartMs;
    this.#restartMs = Math.min(RESTART_MAX_MS, restartInMs * 2);
    this.#enter({ name: 'waiting-to-restart', orders: [], restartAt: now + restartInMs });
    if (this.#isBindAwaited) this.#bindRefused(NOT_STARTED);
    this.#put({ type: 'crashed', restartInMs });
  }

  #close(): void {
    const { name } = this.#phase;
    this.#watch.end();
    this.#enter({ name: 'closed' });
    this.#put({ type: 'free-port' });
    if (name === 'starting' || name === 'running' || name === 'lying-down') this.#put({ type: 'end-thread' });
  }
}
