/** Text in lower case and without accents, as it is typed on any keyboard: "Über" → "uber". Pure. */
export function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();
}
