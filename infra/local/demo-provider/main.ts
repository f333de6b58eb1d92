import { z } from "zod"
import { accountSchema } from "./settings.ts"
import { startDemoProvider } from "./start-demo-provider.ts"

const environment = z.object({
  DEMO_PORT: z.coerce.number().int().min(0).max(65_535).default(8099),
  DEMO_HOST: z.string().default("127.0.0.1"),
  DEMO_DATA_DIR: z.string().default(".tributary/demo-provider"),
  DEMO_ACCOUNTS: z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown
      } catch {
        context.addIssue("not JSON")
        return z.NEVER
      }
    })
    .pipe(z.array(accountSchema))
    .optional(),
})

function fail(line: string): never {
  process.stderr.write(`demo provider: ${line.replaceAll(/\s*\n\s*/g, " ")}\n`)
  process.exit(1)
}

const parsed = environment.safeParse(process.env)
if (!parsed.success) fail(z.prettifyError(parsed.error))
const { DEMO_PORT: port, DEMO_HOST: host, DEMO_DATA_DIR: dataDir, DEMO_ACCOUNTS: accounts } = parsed.data
// Before the rendering, so that a stop in the middle of it is obeyed as well.
const stopping = new AbortController()
const { signal } = stopping
const stopped = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()))
for (const name of ["SIGTERM", "SIGINT"] as const) process.on(name, () => stopping.abort())
const options = { port, host, dataDir, signal, ...(accounts && { accounts }) }
const provider = await startDemoProvider(options).catch((error: unknown) => {
  if (signal.aborted) return null
  const { code, message } = error as NodeJS.ErrnoException
  return fail(code === "EADDRINUSE" ? `port ${port} (DEMO_PORT) is in use` : message)
})
if (provider) {
  process.stdout.write(`${JSON.stringify({ ready: true, url: provider.url })}\n`)
  await stopped
  await provider.close()
}
process.exit(0)
