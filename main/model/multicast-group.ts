import { createHash } from 'node:crypto';
import type { UdpAddress } from './udp-socket.ts';

/**
 * The UDP port of every office's group, next to those of the control channel and the panel, so that one firewall rule suffices. Offices
 * differ by the group's address, and several nodes of one computer share the port.
 */
const GROUP_PORT = 47_023;
/** The free bits of 239.192.0.0/14, the organization-local scope (RFC 2365 §6.2). */
const FREE_BITS = 18;
const FIRST_ADDRESS = (239 << 24) | (192 << 16);

/** The multicast address of an office: the same at each of its nodes, and different in most other offices. */
export function multicastGroupOf(office: string): UdpAddress {
  const hash = createHash('sha256').update(`corridor multicast ${office}`).digest();
  const address = (FIRST_ADDRESS | (hash.readUInt32BE(0) >>> (32 - FREE_BITS))) >>> 0;
  const bytes = [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff);
  return { address: bytes.join('.'), port: GROUP_PORT };
}
