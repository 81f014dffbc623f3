import { createHash } from 'node:crypto';
import type { UdpAddress } from './udp-socket.ts';

/**
 * The UDP port of every office's group, next to those of the control channel and the panel: one port is one firewall rule. Offices
 * are told apart by their addresses, and several nodes of one computer share the port.
 */
export const GROUP_PORT = 47_023;
/** 239.192.0.0/14, the scope of an organization (RFC 2365 §6.2), leaves so many bits. */
const FREE_BITS = 18;
const FIRST_ADDRESS = (239 << 24) | (192 << 16);

/** Where what goes to many at once is sent in this office: the same at each of its nodes, another one in most other offices. */
export function multicastGroupOf(office: string): UdpAddress {
  const hash = createHash('sha256').update(`corridor multicast ${office}`).digest();
  const address = (FIRST_ADDRESS | (hash.readUInt32BE(0) >>> (32 - FREE_BITS))) >>> 0;
  const bytes = [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff);
  return { address: bytes.join('.'), port: GROUP_PORT };
}
