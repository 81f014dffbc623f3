import type { RemoteNode } from '../transports/index.ts';

/** Prints a new recovery code after a command that made one. It is shown until its person has stored it. */
export async function sayRecoveryCode(node: RemoteNode, say: (line: string) => void): Promise<void> {
  const { code } = await node.call('recoveryCode', {});
  if (code !== null) say(`The new recovery code is ${code}. Write it down: corridor recovery-code --kept`);
}
