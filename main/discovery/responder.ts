import type { EventEmitter } from 'node:events';
import { Bonjour, type Browser, type Service } from 'bonjour-service';
import { advertisedName, readAdvertised, type Found } from './found.ts';
import { addressKey, faults, type Schedule, type UdpAddress } from '../model/index.ts';
import { isOnNet, type LanInterface } from './interfaces.ts';
import { KnownAnswers, queryOf, validFor, type DnsQuery } from './known-answers.ts';

const SERVICE_TYPE = 'corridor';
const TYPE_NAME = `_${SERVICE_TYPE}._tcp.local`;
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
/** A socket of `node:dgram`, or a test's. */
type MdnsSocket = EventEmitter;
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
  readonly #browser: Browser;
  readonly #known: KnownAnswers;
  /** What the next query says is known. */
  #toName: { readonly fqdn: string; readonly ttl: number }[] = [];
  #isForgetting = false;
  #stopped = false;

  constructor(
    net: LanInterface,
    advertisement: Advertisement,
    events: ResponderEvents,
    schedule: Schedule,
    how: { readonly port?: number; readonly socket?: MdnsSocket } = {},
  ) {
    this.#net = net;
    this.#events = events;
    this.#own = advertisement.instance;
    this.#schedule = schedule;
    // Bound to all addresses: a socket bound to one does not hear multicast on Linux. It joins the group, and
    // sends, on the interface alone; `isOnNet` refuses packets that reach it over another.
    const options = { interface: net.address, bind: '0.0.0.0', reuseAddr: true, port: MDNS_PORT, ...how };
    this.#bonjour = new Bonjour(options, (error: Error) => this.#trouble(error));
    this.#mdns = (this.#bonjour as unknown as { server: { mdns: MulticastDns } }).server.mdns;
    this.#mdns.on('error', (error: Error) => this.#trouble(error));
    this.#mdns.on('warning', (error: Error & { syscall?: string }) => {
      // Only a failed system call is this node's trouble; an unreadable packet is its sender's.
      if (error.syscall) this.#trouble(error);
    });
    this.#known = new KnownAnswers(TYPE_NAME, `${this.#own}.${TYPE_NAME}`, schedule);
    guard(this.#mdns, this.#known);
    this.#onlyOwnAddress();
    this.#askByKnown();
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

  /**
   * Queries the LAN again. Nodes that are known, by `isKnown`, do not answer. The others are forgotten first, since a browser reports
   * each service once. `now`: ms since the epoch.
   */
  query(isKnown: (found: Found) => boolean, now: number): void {
    if (this.#stopped) return;
    this.#isForgetting = true;
    this.#toName = [...this.#browser.services].flatMap((service) => {
      const found = this.#read(service);
      const ttl = validFor(service, now);
      const isNeeded = service.name !== this.#own && !(found && isKnown(found));
      if (ttl !== undefined && !isNeeded) return { fqdn: service.fqdn, ttl };
      this.#forget(service);
      return [];
    });
    this.#isForgetting = false;
    this.#browser.update();
  }

  /** Says goodbye and closes. */
  stop(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    this.#stopped = true;
    this.#known.close();
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
      if (oldest && browser.services.length > MAX_SERVICES) this.#forget(oldest, browser);
      up(service);
    });
    browser.on('txt-update', up);
    browser.on('srv-update', up);
    browser.on('down', (service) => {
      const isGone = !this.#stopped && !this.#isForgetting && service.name !== this.#own;
      if (isGone) this.#events.gone(service.name);
    });
    return browser;
  }

  #forget({ fqdn }: Service, browser = this.#browser): void {
    (browser as unknown as BrowserMemory).removeService(fqdn);
  }

  #found(service: Service): void {
    if (this.#stopped || service.name === this.#own) return;
    const found = this.#read(service);
    if (found) this.#events.found(found);
  }

  #read(service: Service): Found | undefined {
    return readAdvertised(service, (address) => isOnNet(address, this.#net));
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

  /**
   * Names what is known in the browser's queries, and reports those that could not be sent, which it ignores. multicast-dns calls
   * itself with all four arguments.
   */
  #askByKnown(): void {
    const query = this.#mdns.query.bind(this.#mdns);
    const told = (error?: Error | null) => this.#trouble(error ?? undefined);
    this.#mdns.query = (...question) => {
      if (question.length !== 2) return query(...question);
      for (const packet of queryOf(TYPE_NAME, this.#toName)) query(packet, null, null, told);
    };
  }
}

/** Answers only what senders do not know, and catches the errors of listeners, so that a malformed packet affects nothing else. */
function guard(mdns: MulticastDns, known: KnownAnswers): void {
  const emit = mdns.emit.bind(mdns);
  const safely = (act: () => unknown): void => {
    try {
      act();
    } catch (error) {
      faults.tell('an mDNS packet', error);
    }
  };
  mdns.emit = (event, ...args: unknown[]) => {
    if (event !== 'query' && event !== 'response') return emit(event, ...args);
    const [packet, from] = args as [DnsQuery, UdpAddress];
    const answer = (left: DnsQuery): void => safely(() => emit('query', left, from));
    safely(() =>
      event === 'query' ? known.heard(packet, addressKey(from), answer) : emit('response', ...args),
    );
    return true;
  };
}
