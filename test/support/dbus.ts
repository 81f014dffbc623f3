import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { tempFolder } from './temp-folder.ts';

/** A bus of a test's own, and services on it: as much of the D-Bus protocol as these need. */

export const missingBus = ['dbus-daemon', 'gdbus'].every(
  (name) => spawnSync(name, ['--help']).error === undefined,
)
  ? false
  : 'not installed: dbus-daemon, gdbus (Debian: dbus libglib2.0-bin)';

/** Starts a bus that ends with the test. Resolves with its address. */
export async function startBus(t: TestContext): Promise<string> {
  const path = join(tempFolder('bus'), 'socket');
  const address = `unix:path=${path}`;
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address', `--address=${address}`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.after(() => bus.kill());
  await once(bus.stdout, 'data');
  return address;
}

/** A value with its type: `b` boolean, `t` 64 bits unsigned, `o` path, `s` text, and a dictionary of booleans. */
export type Value =
  | { readonly type: 'b'; readonly value: boolean }
  | { readonly type: 't'; readonly value: number }
  | { readonly type: 'o' | 's'; readonly value: string }
  | { readonly type: 'a{sv}'; readonly value: Readonly<Record<string, boolean>> }
  | { readonly type: 'as'; readonly value: readonly [] };

type Answers = (path: string, member: string) => readonly Value[] | undefined;

const CALL = 1;
const RETURN = 2;
const ERROR = 3;
const SIGNAL = 4;
const FIELD = {
  path: 1,
  interface: 2,
  member: 3,
  error: 4,
  replySerial: 5,
  destination: 6,
  sender: 7,
  signature: 8,
};

/** Owns names on the bus, answers calls, and sends signals. */
export class BusService {
  readonly #socket: Socket;
  readonly #answers: Answers;
  #serial = 0;
  #received = Buffer.alloc(0);
  #isIn = false;

  private constructor(socket: Socket, answers: Answers) {
    this.#socket = socket;
    this.#answers = answers;
    socket.on('data', (data) => this.#receive(data));
    socket.on('error', () => undefined);
  }

  static async own(
    t: TestContext,
    address: string,
    names: readonly string[],
    answers: Answers,
  ): Promise<BusService> {
    const socket = createConnection(address.replace('unix:path=', ''));
    t.after(() => socket.destroy());
    await once(socket, 'connect');
    const service = new BusService(socket, answers);
    const uid = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
    socket.write(`\0AUTH EXTERNAL ${uid}\r\nBEGIN\r\n`);
    service.#callBus('Hello', []);
    for (const name of names) service.#callBus('RequestName', [text(name), uint32(0)], 'su');
    return service;
  }

  signal(path: string, iface: string, member: string, values: readonly Value[]): void {
    this.#send(SIGNAL, { path, interface: iface, member }, bodyOf(values), signatureOf(values));
  }

  /** Gives the names back. */
  close(): void {
    this.#socket.destroy();
  }

  #callBus(member: string, parts: readonly Part[], signature = ''): void {
    const bus = 'org.freedesktop.DBus';
    const fields = { path: '/org/freedesktop/DBus', interface: bus, member, destination: bus };
    this.#send(CALL, fields, parts, signature);
  }

  #send(
    type: number,
    fields: { readonly [Name in keyof typeof FIELD]?: string | number },
    body: readonly Part[],
    signature: string,
  ): void {
    const bytes = marshal(body);
    const all = { ...fields, ...(signature === '' ? {} : { signature }) };
    const header = Object.entries(all).flatMap(([name, value]): Part[] => [
      { align: 8, bytes: Buffer.of(FIELD[name as keyof typeof FIELD]) },
      ...fieldOf(name, value),
    ]);
    const headerBytes = marshal(header);
    this.#serial += 1;
    const fixed = Buffer.alloc(16);
    fixed.write('l');
    fixed[1] = type;
    fixed[3] = 1;
    fixed.writeUInt32LE(bytes.length, 4);
    fixed.writeUInt32LE(this.#serial, 8);
    fixed.writeUInt32LE(headerBytes.length, 12);
    this.#socket.write(Buffer.concat([fixed, headerBytes, padding(headerBytes.length, 8), bytes]));
  }

  #receive(data: Buffer): void {
    this.#received = Buffer.concat([this.#received, data]);
    if (!this.#isIn) {
      const end = this.#received.indexOf('\r\n');
      if (end < 0) return;
      this.#isIn = true;
      this.#received = this.#received.subarray(end + 2);
    }
    while (this.#received.length >= 16) {
      const fieldsLength = this.#received.readUInt32LE(12);
      const start = 16 + fieldsLength + padding(fieldsLength, 8).length;
      const length = start + this.#received.readUInt32LE(4);
      if (this.#received.length < length) return;
      const message = this.#received.subarray(0, length);
      this.#received = this.#received.subarray(length);
      if (message[1] === CALL) this.#answer(message, fieldsLength);
    }
  }

  #answer(message: Buffer, fieldsLength: number): void {
    const fields = readFields(message, 16 + fieldsLength);
    const reply = {
      replySerial: message.readUInt32LE(8),
      destination: fields.get(FIELD.sender) ?? '',
    };
    const values = this.#answers(fields.get(FIELD.path) ?? '', fields.get(FIELD.member) ?? '');
    if (values) this.#send(RETURN, reply, bodyOf(values), signatureOf(values));
    else this.#send(ERROR, { ...reply, error: 'org.freedesktop.DBus.Error.UnknownMethod' }, [], '');
  }
}

/** Bytes, and to what their place is rounded up. */
interface Part {
  readonly align: number;
  readonly bytes: Buffer;
}

const uint32 = (value: number): Part => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return { align: 4, bytes };
};
const text = (value: string): Part => {
  const bytes = Buffer.from(value);
  return { align: 4, bytes: Buffer.concat([uint32(bytes.length).bytes, bytes, Buffer.of(0)]) };
};
const signature = (value: string): Part => ({
  align: 1,
  bytes: Buffer.concat([Buffer.of(value.length), Buffer.from(value), Buffer.of(0)]),
});

function marshal(parts: readonly Part[]): Buffer {
  let all = Buffer.alloc(0);
  for (const { align, bytes } of parts) all = Buffer.concat([all, padding(all.length, align), bytes]);
  return all;
}

function padding(length: number, align: number): Buffer {
  return Buffer.alloc((align - (length % align)) % align);
}

function fieldOf(name: string, value: string | number): Part[] {
  if (typeof value === 'number') return [signature('u'), uint32(value)];
  if (name === 'signature') return [signature('g'), signature(value)];
  return [signature(name === 'path' ? 'o' : 's'), text(value)];
}

function signatureOf(values: readonly Value[]): string {
  return values.map(({ type }) => type).join('');
}

function bodyOf(values: readonly Value[]): Part[] {
  return values.flatMap((one): Part[] => {
    switch (one.type) {
      case 'b':
        return [uint32(one.value ? 1 : 0)];
      case 't': {
        const bytes = Buffer.alloc(8);
        bytes.writeBigUInt64LE(BigInt(one.value));
        return [{ align: 8, bytes }];
      }
      case 'o':
      case 's':
        return [text(one.value)];
      case 'as':
        return [uint32(0)];
      case 'a{sv}': {
        const entries = Object.entries(one.value).flatMap(([name, value]): Part[] => [
          { ...text(name), align: 8 },
          signature('b'),
          uint32(value ? 1 : 0),
        ]);
        const bytes = marshal(entries);
        return [uint32(bytes.length), { align: 8, bytes }];
      }
    }
  });
}

/** The header's fields that are texts, by their code. */
function readFields(message: Buffer, end: number): Map<number, string> {
  const fields = new Map<number, string>();
  let at = 16;
  while (at < end) {
    at += padding(at, 8).length;
    const code = message[at]!;
    const type = String.fromCharCode(message[at + 2]!);
    at += 4;
    if (type === 'g') {
      at += message[at]! + 2;
      continue;
    }
    at += padding(at, 4).length;
    const value = message.readUInt32LE(at);
    at += 4;
    if (type === 'u') continue;
    fields.set(code, message.toString('utf8', at, at + value));
    at += value + 1;
  }
  return fields;
}
