import type { BudgetName, NodeId } from '../model/index.ts';

export interface Dialling {
  readonly pcm?: Int16Array | undefined;
  readonly meant?: NodeId | undefined;
}

export interface CallEvents {
  changed: undefined;
  /** That person called, and was not answered. */
  missed: NodeId;
  /** A colleague's computer says more than this one takes. */
  over: { readonly node: NodeId; readonly budget: BudgetName };
}
