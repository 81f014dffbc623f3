/** Connections that have proven nothing yet: enough for a whole office that comes at once, too few to hurt. */
const MAX_PENDING = 128;
const MAX_PENDING_PER_ADDRESS = 64;
const MAX_LINKS = 1024;

/**
 * Whether one more connection may try to prove that a member makes it.
 * @param address where it comes from
 * @param pending the addresses of those that have proven nothing yet
 * @param links how many members are connected
 */
export function mayTry(address: string, pending: readonly (string | undefined)[], links: number): boolean {
  return (
    pending.length < MAX_PENDING &&
    pending.filter((other) => other === address).length < MAX_PENDING_PER_ADDRESS &&
    links < MAX_LINKS
  );
}
