import { BUDGETS, CorridorError, NewestMap, type Ports } from '../model/index.ts';
import { MAX_ADDRESSES, OFFICE_TAG_PATTERN, type Found } from './found.ts';
import { chooseInterfaces } from './interfaces.ts';
import { Responder } from './responder.ts';

/** When the LAN is queried again after a start or a change of network, ms, in case a query was lost. */
const ASK_AFTER_MS = [1000, 3000];
/** After that, about every minute while this node is alone, else after this many ms: colleagues are known from the switch. */
const ASK_EVERY_MS = 60_000;
const ASK_AT_REST_MS = 15 * 60_000;
/** A minute is this much shorter or longer, by chance: nodes that start together do not ask together for ever. */
const JITTER = 0.2;
/** How often the network interfaces are read, ms, to notice a reconnected cable or a new address. */
const LOOK_EVERY_MS = 5000;
const INSTANCE_BYTES = 8;
/** Any computer on the LAN can invent nodes, so at most this many are remembered; beyond it the oldest is forgotten. */
const MAX_FOUND = BUDGETS.candidates.inAll.atOnce;

export interface DiscoveryOptions {
  /** Addresses or names of interfaces; none: the likeliest LAN. */
  readonly interfaces?: readonly string[];
  /** What this node announces; left out: it only looks for others. */
  readonly shown?: {
    readonly controlPort: number;
    readonly beatPort: number;
    /** Eight hex digits that differ between offices, and reveal nothing about them. */
    readonly officeTag: string;
    /** The office's name; left out: it is hidden. */
    readonly officeName?: string | undefined;
  };
  /** Whether nobody of this node's office is heard. Left out: always. */
  readonly isAlone?: () => boolean;
  /** Whether this node needs no further word of that one, which then does not answer its queries. Left out: of none. */
  readonly isKnown?: (found: Found) => boolean;
}

export interface DiscoveryEvents {
  /** A node was found, or found again after a restart. It may belong to another office: compare `officeTag`. */
  readonly found: (found: Found) => void;
  /** A node that was found before answered again. */
  readonly foundAgain?: (found: Found) => void;
  readonly state?: (state: DiscoveryState) => void;
}

/** The ports that discovery needs besides its sockets. */
type DiscoveryPorts = Pick<Ports, 'clock' | 'schedule' | 'random'>;

export type DiscoveryState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'searching'; readonly addresses: readonly string[] }
  /** Discovery does not work. Saved and entered addresses still do. */
  | { readonly kind: 'trouble'; readonly error: CorridorError };

/** Finds the nodes of a LAN by DNS-SD (`_corridor._tcp`), and announces this one. Its methods do not throw: a fault is a state. */
export class Discovery {
  readonly #options: DiscoveryOptions;
  readonly #events: DiscoveryEvents;
  readonly #ports: DiscoveryPorts;
  readonly #found = new NewestMap<string, Found>(MAX_FOUND);
  /** The instance names that this node has had, by which it ignores its own announcements. */
  readonly #own = new Set<string>();
  #responders: Responder[] = [];
  /** Functions that cancel the timers. Empty while nothing is open. */
  #cancels: (() => void)[] = [];
  #state: DiscoveryState = { kind: 'stopped' };
  /** The addresses at which sockets were opened. */
  #nets: readonly string[] = [];

  constructor(options: DiscoveryOptions, events: DiscoveryEvents, ports: DiscoveryPorts) {
    const { shown } = options;
    if (shown && !OFFICE_TAG_PATTERN.test(shown.officeTag))
      throw new Error('an office tag is eight hex digits');
    this.#options = options;
    this.#events = events;
    this.#ports = ports;
  }

  get state(): DiscoveryState {
    return this.#state;
  }

  /** All nodes that were found and are not gone. */
  get found(): Found[] {
    return [...this.#found.values()];
  }

  /** Starts. A missing interface is a state, not an error, since it may appear later. */
  start(): void {
    if (this.#state.kind === 'stopped') this.#open();
  }

  /** To be called after a wake or a change of network: opens again on the present interfaces, and queries the LAN. */
  async refresh(): Promise<void> {
    if (this.#state.kind === 'stopped') return;
    await this.#close();
    this.#found.clear();
    // While it was closing it may have been stopped, or opened by another call.
    if (this.#isRunning() && this.#cancels.length === 0) this.#open();
  }

  /** Says goodbye and stops. */
  async stop(): Promise<void> {
    this.#tell({ kind: 'stopped' });
    await this.#close();
    this.#found.clear();
  }

  #isRunning(): boolean {
    return this.#state.kind !== 'stopped';
  }

  #open(): void {
    this.#every(
      () => LOOK_EVERY_MS,
      () => this.#look(),
    );
    this.#nets = [];
    try {
      const nets = chooseInterfaces(this.#options.interfaces);
      this.#nets = nets.map((net) => net.address);
      const instance = this.#ports.random.bytes(INSTANCE_BYTES).toString('hex');
      this.#own.add(instance);
      this.#tell({ kind: 'searching', addresses: this.#nets });
      const { shown } = this.#options;
      const advertisement = { instance, ...(shown ? { shown } : {}) };
      this.#responders = nets.map(
        (net) =>
          new Responder(
            net,
            advertisement,
            {
              found: (found) => this.#add(found),
              gone: (gone) => this.#remove(gone),
              trouble: (error) => this.#trouble(error),
            },
            this.#ports.schedule,
          ),
      );
      for (const afterMs of ASK_AFTER_MS)
        this.#cancels.push(this.#ports.schedule(() => this.#ask(), afterMs));
      this.#askRegularly();
    } catch (error) {
      this.#tell({
        kind: 'trouble',
        error: translate(error instanceof Error ? error : new Error(String(error))),
      });
    }
  }

  #askRegularly(): void {
    let restedMs = 0;
    const { isAlone = () => true } = this.#options;
    const minute = (): number => ASK_EVERY_MS * (1 - JITTER + 2 * JITTER * this.#ports.random.fraction());
    this.#every(minute, (ms) => {
      restedMs += ms;
      if (!isAlone() && restedMs < ASK_AT_REST_MS) return;
      restedMs = 0;
      this.#ask();
    });
  }

  /** Repeats a task until `#close`, and gives it the ms that have passed. */
  #every(interval: () => number, task: (ms: number) => void): void {
    const at = this.#cancels.length;
    const next = (): void => {
      const ms = interval();
      this.#cancels[at] = this.#ports.schedule(() => {
        next();
        task(ms);
      }, ms);
    };
    next();
  }

  /** Opens again if the interfaces have changed. */
  #look(): void {
    let nets: string[];
    try {
      nets = chooseInterfaces(this.#options.interfaces).map((net) => net.address);
    } catch (error) {
      // A missing interface counts as a change, since its multicast memberships are lost even if it comes back.
      this.#nets = [];
      this.#trouble(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    if (nets.join() !== this.#nets.join()) void this.refresh();
  }

  async #close(): Promise<void> {
    for (const cancel of this.#cancels) cancel();
    this.#cancels = [];
    const responders = this.#responders;
    this.#responders = [];
    await Promise.all(responders.map((responder) => responder.stop()));
  }

  #ask(): void {
    const { isKnown = () => false } = this.#options;
    for (const responder of this.#responders) responder.query(isKnown, this.#ports.clock.now());
  }

  #add(found: Found): void {
    if (this.#own.has(found.instance)) return;
    const known = this.#found.get(found.instance);
    const all = new Set([...found.addresses, ...(known?.addresses ?? [])]);
    const addresses = [...all].slice(0, MAX_ADDRESSES);
    const merged = { ...found, addresses };
    if (JSON.stringify(merged) === JSON.stringify(known)) {
      this.#events.foundAgain?.(merged);
      return;
    }
    // A node that restarted without a goodbye has the same address under another name.
    for (const other of this.#found.values()) {
      const same = other.controlPort === found.controlPort && other.addresses[0] === found.addresses[0];
      if (same) this.#found.delete(other.instance);
    }
    this.#found.set(found.instance, merged);
    this.#events.found(merged);
  }

  #remove(instance: string): void {
    this.#found.delete(instance);
  }

  #trouble(error: Error | undefined): void {
    if (this.#state.kind === 'stopped') return;
    if (!error) {
      if (this.#state.kind === 'trouble') this.#tell({ kind: 'searching', addresses: this.#nets });
      return;
    }
    this.#tell({ kind: 'trouble', error: translate(error) });
  }

  #tell(state: DiscoveryState): void {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    this.#events.state?.(state);
  }
}

function translate(error: Error): CorridorError {
  if (error instanceof CorridorError) return error;
  const sentence =
    `Colleagues cannot be found by themselves on this network (${error.message}). ` +
    'Enter the address of one of them, or choose another network interface.';
  return new CorridorError('no-multicast', sentence, { cause: error, details: { why: error.message } });
}
