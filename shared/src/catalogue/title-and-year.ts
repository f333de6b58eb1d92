/** A title without the year that many lists put behind it: `Film (1999)`; the year is null when there is none. */
export function titleAndYear(name: string, releaseDate: string): { title: string; year: string | null } {
  const [, title, year] = /^(.*\S)\s*\(((?:19|20)\d{2})\)$/.exec(name) ?? []
  if (title !== undefined && year !== undefined) return { title, year }
  return { title: name, year: /^(?:19|20)\d{2}/.exec(releaseDate)?.[0] ?? null }
}
