import { eventually } from "../system/eventually.ts"
import type { Findings } from "./findings.ts"
import type { KodiScreen } from "./kodi-screen.ts"
import { news, type Scene } from "./scene.ts"

const patienceMilliseconds = 40_000

/** The playlist's entries as what they are: channels, stations without a picture, and films; and one channel's guide. */
export async function showList(scene: Scene, findings: Findings, there: KodiScreen): Promise<void> {
  const entries = await scene.entries()
  const named = (wanted: (attributes: string[]) => boolean) =>
    entries
      .filter(({ attributes }) => wanted(attributes.map(([name, value]) => `${name}=${value}`)))
      .map(({ name }) => name)
  const [radio, media] = ["radio=true", "media=true"]
  const lists = [
    ["channels", named((of) => !of.includes(radio) && !of.includes(media)), () => namesOf(there, "alltv")],
    ["stations", named((of) => of.includes(radio)), () => namesOf(there, "allradio")],
    // Which have no order.
    [
      "films, as recordings",
      inOrder(named((of) => of.includes(media))),
      async () => inOrder(await there.recordings()),
    ],
  ] as const
  for (const [what, wanted, seen] of lists) {
    const isThere = ({ length }: readonly string[]) => length >= wanted.length
    findings.sameList(what, await eventually(seen, isThere, patienceMilliseconds), wanted)
  }
  const channel = (await there.channels()).find(({ name }) => name === news)
  if (channel === undefined) throw new Error(`Kodi does not list ${news}`)
  const programmes = await eventually(
    () => there.programmes(channel),
    (count) => count > 0,
    patienceMilliseconds,
  )
  findings.atLeast(`guide of ${news}`, programmes, 100, "programmes")
}

const inOrder = (names: string[]) => names.toSorted((a, b) => (a < b ? -1 : 1))

const namesOf = async (there: KodiScreen, group: "alltv" | "allradio") =>
  (await there.channels(group)).map(({ name }) => name)
