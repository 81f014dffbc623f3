import type { ElectionOutput } from '../election/index.ts';
import type { Call } from '../identity/index.ts';
import type { NodeId } from '../model/index.ts';
import type { ClockReading } from './colleague-clocks.ts';
import type { SocketAddress } from './ports.ts';
import type { StatementDatagrams } from './statement-datagrams.ts';

export interface MemberDatagramEvents extends StatementDatagrams {
  election: readonly ElectionOutput[];
  /** A node has proved that packets reach it at other endpoints than before. */
  endpoints: NodeId;
  /** A member's beat carries the digest of another ledger. */
  digest: { readonly node: NodeId; readonly digest: Uint8Array };
  /** A switch's beat carries the digest of its roster. */
  roster: { readonly node: NodeId; readonly digest: string };
  /** A member's beat tells the time by its clock. */
  clock: ClockReading;
  /** A call came from a node that knows the office and is no member by this node's ledger. */
  stranger: { readonly call: Call; readonly at: SocketAddress };
}
