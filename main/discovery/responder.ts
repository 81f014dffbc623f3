import type { EventEmitter } from 'node:events';
import { Bonjour, type Browser, type Service } from 'bonjour-service';
import { advertisedName, readAdvertised, type Found } from './found.ts';
import { faults, type Schedule } from '../model/index.ts';
import { isOnNet, type LanInterface } from './interfaces.ts';

const SERVICE_TYPE = 'corridor';
/** RFC 6762 §5. */
const MDNS_PORT = 5353;
/** More services than this on one LAN are a flood: the oldest is forgotten, and reported again when it answers again. */
const MAX_SERVICES = 1024;
/** How long sending a goodbye is awaited, ms. With a broken socket it would never end. */
const GOODBYE_MS = 200;

interface Advertisement {
  readonly instance: string;
  /** Left out: this node only listens. */
  readonly shown?: {
    readonly controlPort: number;
    readonly beatPort: number;
    readonly officeTag: string;
    readonly officeName?: string | undefined;
  };
}

interface ResponderEvents {
  readonly found: (found: Found) => void;
  readonly gone: (instance: string) => void;
  /** The socket does not work; undefined: it works again. */
  readonly trouble: (error: Error | undefined) => void;
}

/** The part of multicast-dns that bonjour-service does not type. */
interface MulticastDns extends EventEmitter {
  respond(response: DnsRecord[] | DnsResponse, callback?: (error?: Error | null) => void): void;
  query(...question: [name: unknown, type: unknown, address?: unknown, callback?: unknown]): void;
}
/** The part of a browser that bonjour-service does not type. */
interface BrowserMemory {
  removeService(fqdn: string): void;
}
interface DnsRecord {
  readonly type: string;
  readonly data: unknown;
}
interface DnsResponse {
  readonly answers: DnsRecord[];
  readonly additionals?: DnsRecord[];
}

/** DNS-SD on one interface: announces this node, and finds the others. */
export class Responder {
  readonly #net: LanInterface;
  readonly #events: ResponderEvents;
  readonly #own: string;
  readonly #schedule: Schedule;
  readonly #bonjour: Bonjour;
  readonly #mdns: MulticastDns;
  #browser: Browser;
  #stopped = false;

  constructor(
    net: LanInterface,
    advertisement: Advertisement,
    events: ResponderEvents,
    schedule: Schedule,
    port = MDNS_PORT,
  ) {
    this.#net = net;
    this.#events = events;
    this.#own = advertisement.instance;
    this.#schedule = schedule;
    // Bound to all addresses: a socket bound to one does not hear multicast on Linux. It joins the group, and
    // sends, on the interface alone; `isOnNet` refuses packets that reach it over another.
    const options = { interface: net.address, bind: '0.0.0.0', reuseAddr: true, port };
    this.#bonjour = new Bonjour(options, (error: Error) => this.#trouble(error));
    this.#mdns = (this.#bonjour as unknown as { server: { mdns: MulticastDns } }).server.mdns;
    this.#mdns.on('error', (error: Error) => this.#trouble(error));
    this.#mdns.on('warning', (error: Error & { syscall?: string }) => {
      // Only a failed system call is this node's trouble; an unreadable packet is its sender's.
      if (error.syscall) this.#trouble(error);
    });
    guard(this.#mdns);
    this.#onlyOwnAddress();
    this.#tellOfFailures();
    this.#publish(advertisement);
    this.#browser = this.#browse();
  }

  #publish({ instance, shown }: Advertisement): void {
    if (!shown) return;
    this.#bonjour.publish({
      name: instance,
      // The computer's own name often is a person's, so the host gets the name of the instance.
      host: `${instance}.local`,
      type: SERVICE_TYPE,
      protocol: 'tcp',
      port: shown.controlPort,
      txt: {
        ...{ v: '1', o: shown.officeTag, b: String(shown.beatPort) },
        ...(shown.officeName ? { n: advertisedName(shown.officeName) } : {}),
      },
      // The name is random, so no other node has it.
      probe: false,
    });
  }

  /** Queries the LAN again. Forgets the known services first, since a browser reports each service once. */
  query(): void {
    if (this.#stopped) return;
    this.#browser.stop();
    this.#browser = this.#browse();
  }

  /** Says goodbye and closes. */
  stop(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    this.#stopped = true;
    this.#browser.stop();
    return new Promise((resolve) => {
      const close = () => this.#bonjour.destroy(resolve);
      const cancel = this.#schedule(close, GOODBYE_MS);
      this.#bonjour.unpublishAll(() => {
        cancel();
        close();
      });
    });
  }

  /** Makes a browser, which queries the LAN at once. */
  #browse(): Browser {
    const browser = this.#bonjour.find({ type: SERVICE_TYPE, protocol: 'tcp' });
    const up = (service: Service) => this.#found(service);
    browser.on('up', (service) => {
      const [oldest] = browser.services;
      if (oldest && browser.services.length > MAX_SERVICES)
        (browser as unknown as BrowserMemory).removeService(oldest.fqdn);
      up(service);
    });
    browser.on('txt-update', up);
    browser.on('srv-update', up);
    browser.on('down', (service) => {
      if (!this.#stopped && service.name !== this.#own) this.#events.gone(service.name);
    });
    return browser;
  }

  #found(service: Service): void {
    if (this.#stopped || service.name === this.#own) return;
    const found = readAdvertised(service, (address) => isOnNet(address, this.#net));
    if (found) this.#events.found(found);
  }

  #trouble(error: Error | undefined): void {
    if (!this.#stopped) this.#events.trouble(error);
  }

  /** Advertises the chosen interface's address alone; bonjour-service would advertise those of all interfaces. */
  #onlyOwnAddress(): void {
    const respond = this.#mdns.respond.bind(this.#mdns);
    const ours = (record: DnsRecord) =>
      record.type === 'A' ? record.data === this.#net.address : record.type !== 'AAAA';
    this.#mdns.respond = (response, callback) => {
      if (Array.isArray(response)) return respond(response.filter(ours), callback);
      const { answers, additionals = [] } = response;
      const left = { ...response, answers: answers.filter(ours), additionals: additionals.filter(ours) };
      if (left.answers.length > 0) respond(left, callback);
    };
  }

  /** Reports queries that could not be sent, which a browser ignores. multicast-dns calls itself with all four arguments. */
  #tellOfFailures(): void {
    const query = this.#mdns.query.bind(this.#mdns);
    const told = (error?: Error | null) => this.#trouble(error ?? undefined);
    this.#mdns.query = (...question) =>
      question.length === 2 ? query(question[0], question[1], null, told) : query(...question);
  }
}

/** Catches the errors of listeners, so that a malformed packet affects nothing else. */
function guard(mdns: MulticastDns): void {
  const emit = mdns.emit.bind(mdns);
  mdns.emit = (event, ...args: unknown[]) => {
    if (event !== 'query' && event !== 'response') return emit(event, ...args);
    try {
      return emit(event, ...args);
    } catch (error) {
      faults.tell('an mDNS packet', error);
      return false;
    }
  };
}
