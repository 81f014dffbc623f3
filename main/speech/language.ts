/** The tag in its canonical form (`en_us` → `en-US`), without trailing parts that are none of BCP 47; undefined: it is no tag. */
export function canonicalTag(tag: string): string | undefined {
  const parts = tag.replaceAll('_', '-').split('-');
  for (; parts.length > 0; parts.pop()) {
    try {
      return Intl.getCanonicalLocales(parts.join('-'))[0];
    } catch {
      // The last part is none of a tag.
    }
  }
  return undefined;
}

/** A tag's language, script and region; what it leaves out is taken to be the likely one (UTS #35): `pt` is `pt-Latn-BR`. */
export function likelyParts(tag: string): { language: string; script?: string; region?: string } {
  try {
    const { language, script, region } = new Intl.Locale(tag).maximize();
    return { language, ...(script && { script }), ...(region && { region }) };
  } catch {
    return { language: tag };
  }
}
