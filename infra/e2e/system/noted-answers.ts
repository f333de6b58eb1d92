export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: what it is is what the tests say.
  body: any
  text: string
}

/** Asks, and keeps all that was answered, headers too, to look for secrets in. */
export class NotedAnswers {
  readonly texts: string[] = []

  /** The body parsed where it is JSON; null where it is not. */
  async ask(url: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
    const response = await fetch(url, { headers, method })
    const text = await response.text()
    this.texts.push(text, JSON.stringify([...response.headers]))
    const isJson = response.headers.get("content-type")?.startsWith("application/json")
    return { status: response.status, text, body: isJson ? JSON.parse(text) : null }
  }
}
