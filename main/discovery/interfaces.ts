import { networkInterfaces } from 'node:os';
import { CorridorError } from '../model/index.ts';

/**
 * Names of interfaces that containers, virtual machines and tunnels make; these are seldom the office's LAN. Docker calls a bridge of its
 * own `br-` and twelve hexadecimal digits. Any other bridge joins real networks, as a router's `br-lan` does.
 */
const VIRTUAL =
  /^(docker|br-[0-9a-f]{12}$|veth|virbr|vmnet|vboxnet|lxc|lxd|cni|flannel|podman|tun|tap|wg|utun|ppp|ipsec|zt|tailscale|nordlynx|proton|cloudflarewarp|mullvad|vEthernet|ham)/i;

/** An IPv4 address of this computer. */
export interface LanInterface {
  readonly name: string;
  readonly address: string;
  readonly netmask: string;
  readonly loopback: boolean;
  readonly virtual: boolean;
}

const LOOPBACK: LanInterface = {
  name: 'loopback',
  address: '127.0.0.1',
  netmask: '255.0.0.0',
  loopback: true,
  virtual: false,
};

/** Every IPv4 address of this computer, likeliest LAN first: real before virtual, private before others. Never empty. */
export function listInterfaces(all = networkInterfaces()): LanInterface[] {
  const found: LanInterface[] = [];
  for (const [name, addresses] of Object.entries(all)) {
    for (const { address, netmask, internal, family } of addresses ?? []) {
      if (family !== 'IPv4') continue;
      found.push({ name, address, netmask, loopback: internal, virtual: VIRTUAL.test(name) });
    }
  }
  if (!found.some((one) => one.loopback)) found.push(LOOPBACK);
  return found.sort((a, b) => unlikely(a) - unlikely(b));
}

/** Whether a person means that interface, by its address or its name. */
export function isMeant({ address, name }: LanInterface, wanted: string): boolean {
  return wanted === address || wanted === name;
}

/**
 * The chosen interfaces, by address or name. Without a choice: the likeliest LAN, or loopback if there is no other. Throws
 * `no-such-interface` for one that this computer does not have now.
 */
export function chooseInterfaces(chosen: readonly string[] = []): LanInterface[] {
  const all = listInterfaces();
  if (chosen.length === 0) return all.slice(0, 1);
  const found = chosen.map((wanted) => {
    const one = all.find((each) => isMeant(each, wanted));
    if (one) return one;
    const choices = all.map(({ name, address }) => `${name} (${address})`).join(', ');
    throw new CorridorError(
      'no-such-interface',
      `This computer has no network interface ${wanted}. It has ${choices}.`,
      { details: { wanted, choices } },
    );
  });
  return [...new Map(found.map((one) => [one.address, one])).values()];
}

/**
 * Whether the interface that has this address is known to be Wi-Fi. Linux alone says so, under `/sys/class/net`: by `phy80211`, or by
 * `wireless` for an old driver. Elsewhere it is false. @param exists whether there is a file or folder
 */
export function isWireless(
  address: string,
  exists: (path: string) => boolean,
  all: readonly LanInterface[] = listInterfaces(),
): boolean {
  const found = all.find((one) => one.address === address);
  if (!found) return false;
  // A second address of one interface may be listed as `wlan0:1`.
  const [name] = found.name.split(':');
  return ['phy80211', 'wireless'].some((file) => exists(`/sys/class/net/${name}/${file}`));
}

/** Whether an IPv4 address is on the interface's own network. */
export function isOnNet(address: string, net: LanInterface): boolean {
  const [mask, theirs, ours] = [toNumber(net.netmask), toNumber(address), toNumber(net.address)];
  if (mask === undefined || theirs === undefined || ours === undefined) return false;
  return ((theirs ^ ours) & mask) === 0;
}

function unlikely({ loopback, virtual, address }: LanInterface): number {
  const linkLocal = address.startsWith('169.254.');
  const isPrivate = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address);
  return (loopback ? 8 : 0) + (linkLocal ? 4 : 0) + (virtual ? 2 : 0) + (isPrivate ? 0 : 1);
}

function toNumber(address: string): number | undefined {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined;
  return parts.reduce((sum, part) => (sum << 8) | part, 0);
}
