import { z } from "zod"

/** An entry of the playlist that VLC has open. */
export interface VlcEntry {
  id: string
  name: string
}

const statusSchema = z.object({
  state: z.string(),
  currentplid: z.number(),
  stats: z.object({ displayedpictures: z.number(), lostpictures: z.number() }).optional(),
  information: z
    .object({ category: z.object({ meta: z.object({ title: z.string().optional() }) }) })
    .optional(),
})
type Node = { type: string; id: string; name: string; children?: Node[] | undefined }
const nodeSchema: z.ZodType<Node> = z.object({
  type: z.string(),
  id: z.string(),
  name: z.string(),
  children: z.lazy(() => z.array(nodeSchema)).optional(),
})
const answerMilliseconds = 5_000

/** VLC's own web interface, by which it is looked at and told what to play. */
export class VlcRemote {
  readonly #url: string
  readonly #headers: Record<string, string>

  constructor(port: number, password: string) {
    this.#url = `http://127.0.0.1:${port}/requests/`
    this.#headers = { authorization: `Basic ${Buffer.from(`:${password}`).toString("base64")}` }
  }

  /** Without sub-entries: the playlist's address before it was read, its entries afterwards. */
  async entries(): Promise<VlcEntry[]> {
    return leavesOf(nodeSchema.parse(await this.#ask("playlist.json")))
  }

  async play({ id }: VlcEntry): Promise<void> {
    await this.#ask(`status.json?command=pl_play&id=${id}`)
  }

  /** Pictures shown of the entry that plays now; zero before there are any. */
  async look(): Promise<{ entry: string; state: string; title: string; pictures: number; lost: number }> {
    const { state, currentplid, stats, information } = statusSchema.parse(await this.#ask("status.json"))
    return {
      entry: String(currentplid),
      state,
      title: information?.category.meta.title ?? "",
      pictures: stats?.displayedpictures ?? 0,
      lost: stats?.lostpictures ?? 0,
    }
  }

  async #ask(path: string): Promise<unknown> {
    const signal = AbortSignal.timeout(answerMilliseconds)
    const answer = await fetch(this.#url + path, { headers: this.#headers, signal })
    if (!answer.ok) throw new Error(`VLC answered ${answer.status}`)
    return answer.json()
  }
}

function leavesOf({ type, id, name, children = [] }: Node): VlcEntry[] {
  return type === "leaf" ? [{ id, name }] : children.flatMap(leavesOf)
}
