/** A playlist entry as a player sees it. */
export interface PlaylistEntry {
  name: string
  attributes: [name: string, value: string][]
  url: string
}

/** Fetches a playlist and reads it; throws when the answer is not one. */
export async function fetchPlaylist(url: string): Promise<PlaylistEntry[]> {
  const response = await fetch(url)
  const text = await response.text()
  if (response.status !== 200) throw new Error(`playlist answered ${response.status}: ${text}`)
  return readPlaylist(text)
}

/** Reads a playlist of quoted attributes. */
export function readPlaylist(text: string): PlaylistEntry[] {
  const entries: PlaylistEntry[] = []
  let open: Omit<PlaylistEntry, "url"> | null = null
  for (const line of text.split("\n")) {
    if (line.startsWith("#EXTINF:")) {
      const [, attributes = "", name = ""] = /^#EXTINF:-1((?: [\w-]+="[^"]*")*),(.*)$/.exec(line) ?? []
      const pairs = [...attributes.matchAll(/([\w-]+)="([^"]*)"/g)]
      open = { name, attributes: pairs.map(([, key = "", value = ""]) => [key, value]) }
    } else if (line !== "" && !line.startsWith("#") && open !== null) {
      entries.push({ ...open, url: line })
      open = null
    }
  }
  return entries
}

/** The entry of that name; throws when there is none. */
export function entryNamed(entries: readonly PlaylistEntry[], name: string): PlaylistEntry {
  const entry = entries.find((candidate) => candidate.name === name)
  if (entry === undefined)
    throw new Error(`no entry "${name}" in ${entries.map((one) => one.name).join(", ")}`)
  return entry
}
