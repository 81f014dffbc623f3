import { strings } from './strings/index.ts';

interface PageFrom {
  readonly name: string;
  readonly group: { readonly name: string } | null;
  readonly isToAll: boolean;
  readonly isUrgent: boolean;
}

/** Who pages whom: "Urgent: Dana pages Sales". */
export function whosePage({ name, group, isToAll, isUrgent }: PageFrom): string {
  const toSome = group ? strings.pageFromToGroup(name, group.name) : strings.pageFrom(name);
  const whose = isToAll ? strings.pageFromToAll(name) : toSome;
  return isUrgent ? strings.pageIsUrgent(whose) : whose;
}
