import { setTimeout } from "node:timers/promises"

/** `fetch`, or what stands for it. */
export type Ask = (url: string, options: RequestInit) => Promise<Response>

export type Answer = { ok: true; text: string } | { ok: false; message: string }

export interface Patience {
  /** Milliseconds before each repetition. */
  delays: readonly number[]
  /** Of one attempt. */
  answerMilliseconds: number
}

// A task's network may come up a moment after its process.
const usual: Patience = { delays: [200, 500, 1_000, 2_000], answerMilliseconds: 2_000 }

/** The text that an address answers; it is asked again while it does not answer, or has no text for now. */
export async function askPatiently(ask: Ask, url: string, patience: Patience = usual): Promise<Answer> {
  let answer = await askOnce(ask, url, patience)
  for (const milliseconds of patience.delays) {
    if (answer.ok) break
    await setTimeout(milliseconds)
    answer = await askOnce(ask, url, patience)
  }
  return answer
}

async function askOnce(ask: Ask, url: string, { answerMilliseconds }: Patience): Promise<Answer> {
  try {
    const response = await ask(url, { signal: AbortSignal.timeout(answerMilliseconds) })
    const text = await response.text()
    return response.ok ? { ok: true, text } : { ok: false, message: `it answers ${response.status}` }
  } catch {
    return { ok: false, message: "it does not answer" }
  }
}
