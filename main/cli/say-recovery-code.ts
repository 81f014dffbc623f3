import type { RemoteNode } from '../transports/index.ts';

/** After what makes a new recovery code: it is shown until its person has put it away. */
export async function sayRecoveryCode(node: RemoteNode, say: (line: string) => void): Promise<void> {
  const { code } = await node.call('recoveryCode', {});
  if (code !== null) say(`The new recovery code is ${code}. Write it down: corridor recovery-code --kept`);
}
