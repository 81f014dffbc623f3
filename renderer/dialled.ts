import type { DialPreview } from '../preload/api.ts';

/** Puts a suggested string into the field. */
export type TakeDialled = (dialled: string) => void;

/** Whether it means nothing yet, but can by further keys. */
export function isUnfinished({ kind, becomes }: DialPreview): boolean {
  return kind === 'nobody' && becomes.length > 0;
}

/** What a person does with a dialled string: hold to talk, one press to dial, or nothing. */
type DialledBy = 'talking' | 'pressing' | 'nothing';

const DIALLED_BY: Readonly<Record<DialPreview['kind'], DialledBy>> = {
  person: 'talking',
  page: 'talking',
  type: 'pressing',
  call: 'pressing',
  message: 'pressing',
  setting: 'pressing',
  nobody: 'nothing',
};

/** How a preview is used; `nothing` also if the node has not answered yet. */
export function dialledBy(preview: DialPreview | null | undefined): DialledBy {
  return preview ? DIALLED_BY[preview.kind] : 'nothing';
}
