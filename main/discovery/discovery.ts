import { BUDGETS, CorridorError, NewestMap, type Ports } from '../model/index.ts';
import { MAX_ADDRESSES, OFFICE_TAG_PATTERN, type Found } from './found.ts';
import { chooseInterfaces } from './interfaces.ts';
import { Responder } from './responder.ts';

/** When the LAN is asked again after a start, ms: one lost question must not cost a minute. After that, once a minute. */
const ASK_AFTER_MS = [1000, 3000];
const ASK_EVERY_MS = 60_000;
/** How often the interfaces are looked at, ms: a cable that comes back, or a new address, needs nobody's help. */
const LOOK_EVERY_MS = 5000;
const INSTANCE_BYTES = 8;
/** Anybody on the LAN can make up nodes: more than these are not remembered, and the oldest goes first. */
const MAX_FOUND = BUDGETS.candidates.inAll.atOnce;

export interface DiscoveryOptions {
  /** Addresses or names of interfaces; none: the likeliest LAN. */
  readonly interfaces?: readonly string[];
  /** What others learn of this node; left out: it looks for others and is not seen itself. */
  readonly shown?: {
    readonly controlPort: number;
    readonly beatPort: number;
    /** Eight hex digits that tell offices apart, and nothing about them. */
    readonly officeTag: string;
    /** What the office calls itself; left out: it keeps that to its members. */
    readonly officeName?: string | undefined;
  };
}

export interface DiscoveryEvents {
  /** A node was found, or found again after a restart. It may belong to another office: compare `officeTag`. */
  readonly found: (found: Found) => void;
  /** A node that was found answered once more: it is still there. */
  readonly foundAgain?: (found: Found) => void;
  readonly state?: (state: DiscoveryState) => void;
}

/** What discovery takes from its computer besides its sockets. */
export type DiscoveryPorts = Pick<Ports, 'schedule' | 'random'>;

export type DiscoveryState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'searching'; readonly addresses: readonly string[] }
  /** Other nodes are not found by themselves; saved and hand-given addresses still work. */
  | { readonly kind: 'trouble'; readonly error: CorridorError };

/** Finds the nodes of a LAN by DNS-SD (`_corridor._tcp`), and lets itself be found. After the constructor nothing throws: a fault is a state. */
export class Discovery {
  readonly #options: DiscoveryOptions;
  readonly #events: DiscoveryEvents;
  readonly #ports: DiscoveryPorts;
  readonly #found = new NewestMap<string, Found>(MAX_FOUND);
  /** The names this node has had: its own goodbyes and echoes are no news. */
  readonly #own = new Set<string>();
  #responders: Responder[] = [];
  /** Each cancels one timer. Empty while nothing is open. */
  #cancels: (() => void)[] = [];
  #state: DiscoveryState = { kind: 'stopped' };
  /** The addresses that were opened. */
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

  /** Everything found and not gone. */
  get found(): Found[] {
    return [...this.#found.values()];
  }

  /** Starts; a chosen interface that is missing is a state, not an error, since it may come with `refresh`. */
  start(): void {
    if (this.#state.kind === 'stopped') this.#open();
  }

  /** After a wake or a change of network: opens again on the interfaces as they are now, and asks the LAN. */
  async refresh(): Promise<void> {
    if (this.#state.kind === 'stopped') return;
    await this.#close();
    this.#found.clear();
    // It may have been stopped, or opened by another call, while it closed.
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
    this.#every(LOOK_EVERY_MS, () => this.#look());
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
      this.#every(ASK_EVERY_MS, () => this.#ask());
    } catch (error) {
      this.#tell({
        kind: 'trouble',
        error: translate(error instanceof Error ? error : new Error(String(error))),
      });
    }
  }

  /** Runs a task again and again until `#close`. */
  #every(ms: number, task: () => void): void {
    const at = this.#cancels.length;
    const next = (): void => {
      this.#cancels[at] = this.#ports.schedule(() => {
        next();
        task();
      }, ms);
    };
    next();
  }

  /** Opens again where the interfaces are not those that were opened. */
  #look(): void {
    let nets: string[];
    try {
      nets = chooseInterfaces(this.#options.interfaces).map((net) => net.address);
    } catch (error) {
      // Whatever was joined on it may be gone when it is back, so that is a change too.
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
    for (const responder of this.#responders) responder.query();
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
    // A node that started again without a goodbye stands where it stood.
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
