import type { ElectionOutput } from '../election/index.ts';
import type { Call } from '../identity/index.ts';
import type { NodeId } from '../model/index.ts';
import type { SocketAddress } from './ports.ts';
import type { StatementDatagrams } from './statement-datagrams.ts';

export interface MemberDatagramEvents extends StatementDatagrams {
  election: readonly ElectionOutput[];
  /** A member's ledger is not this node's. */
  digest: { readonly node: NodeId; readonly digest: Uint8Array };
  /** Somebody who knows the office called, and is no member as far as is known here. */
  stranger: { readonly call: Call; readonly at: SocketAddress };
}
