/*
 * Loaded into each node of a fuzzed office (NODE_OPTIONS=--import). The office speaks mDNS at a port of its own, with the same
 * sockets, group and interface: no other node of this computer hears the nonsense that is said there.
 */
import { Socket } from 'node:dgram';

const MDNS_PORT = 5353;
const own = Number(process.env['CORRIDOR_FUZZ_MDNS_PORT'] ?? MDNS_PORT);
const ported = (args: unknown[]): unknown[] => args.map((arg) => (arg === MDNS_PORT ? own : arg));

for (const name of ['bind', 'send'] as const) {
  const original = Reflect.get(Socket.prototype, name) as (...args: unknown[]) => unknown;
  Reflect.set(Socket.prototype, name, function (this: Socket, ...args: unknown[]): unknown {
    return original.apply(this, ported(args));
  });
}
