export { DEFAULT_BEAT_PORT, parseAddress, SavedAddresses, type GivenAddress } from './addresses.ts';
export { Discovery, type DiscoveryEvents, type DiscoveryOptions, type DiscoveryState } from './discovery.ts';
export type { Found } from './found.ts';
export { chooseInterfaces, isMeant, isWireless, listInterfaces, type LanInterface } from './interfaces.ts';
